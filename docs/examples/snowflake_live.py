"""Tries the source ``snowflake`` on a live account, and prints what it found, without a secret.

It reads only rows that it generates itself. The account and its proof are read from the environment: SNOWFLAKE_ACCOUNT,
SNOWFLAKE_USER, SNOWFLAKE_WAREHOUSE, SNOWFLAKE_ROLE, and one of SNOWFLAKE_PASSWORD, SNOWFLAKE_TOKEN, and
SNOWFLAKE_PRIVATE_KEY_FILE with SNOWFLAKE_PRIVATE_KEY_PASSPHRASE.
"""

import os
import resource
from pathlib import Path

from services.ingest.sources import Rows
from services.ingest.sources.snowflake import SnowflakeCredentials, SnowflakeOptions, SnowflakeSource

MANY = (
    "SELECT SEQ8() AS id, RANDOM() AS noise, RANDSTR(20, RANDOM()) AS word FROM TABLE(GENERATOR(ROWCOUNT => 5000000))"
)
TYPES = (
    "SELECT 12345678901234567890123::NUMBER(38,0) AS beyond, 1::NUMBER(38,0) AS small, 1.25::NUMBER(12,2) AS price, "
    "12345678901234567.5::NUMBER(38,10) AS long, '2026-11-24 10:00:00.123456789'::TIMESTAMP_NTZ AS nanos, "
    "'2026-11-24 10:00:00 +0200'::TIMESTAMP_TZ AS tz, '9999-12-31'::TIMESTAMP_NTZ AS far, "
    "PARSE_JSON('{\"a\":1}') AS doc"
)


def read(query: str, proof: SnowflakeCredentials) -> None:
    """Read a query to its end, and print what it was like; or print why it was not read."""
    said = {name: os.environ.get(f"SNOWFLAKE_{name.upper()}") for name in ("account", "warehouse", "role")}
    options = SnowflakeOptions.model_validate({"query": query} | {name: value for name, value in said.items() if value})
    try:
        with SnowflakeSource().open(options, proof) as found:
            assert isinstance(found, Rows)
            sizes = [batch.num_rows for batch in found.batches]
            print(f"  rows {sum(sizes)}, counted {found.counted()}, in {len(sizes)} batches, the largest {max(sizes)}")
            print("  " + ", ".join(f"{field.name} {field.type}" for field in found.schema))
            print("  " + " ".join(found.notes))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is to be told
        print(f"  {type(error).__name__}: {str(error).replace(options.account, 'ACCOUNT').replace(proof.user, 'USER')}")
    print(f"  memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def main() -> None:
    """Try types, many rows, a query that fails, and wrong credentials."""
    said = {name: os.environ.get(f"SNOWFLAKE_{name.upper()}") for name in ("user", "password", "token")}
    if key := os.environ.get("SNOWFLAKE_PRIVATE_KEY_FILE"):
        said["private_key"] = Path(key).read_text(encoding="utf-8")
        said["private_key_passphrase"] = os.environ.get("SNOWFLAKE_PRIVATE_KEY_PASSPHRASE")
    proof = SnowflakeCredentials.model_validate({name: value for name, value in said.items() if value})
    print("types")
    read(TYPES, proof)
    print("5,000,000 rows; their order and noise differ, their number must not")
    read(MANY, proof)
    for query in ("SELECT * FROM no_such_table", "SELECT nothing", "SELECT 1 / 0 AS v", "SELECT 1) ; SELECT (2"):
        print(query)
        read(query, proof)
    print("wrong credentials")
    read("SELECT 1 AS v", SnowflakeCredentials.model_validate({"user": proof.user, "password": "surely-a-wrong-one"}))


if __name__ == "__main__":
    main()
