"""What the tests in containers read from the environment."""

from pydantic_settings import BaseSettings, SettingsConfigDict


class ContainerTestSettings(BaseSettings):
    """Read once from ``TRACKSIDE_TEST_*``; the names of images, so that a closed network can point them elsewhere."""

    model_config = SettingsConfigDict(env_prefix="TRACKSIDE_TEST_", frozen=True, extra="ignore")

    image_python: str = "python:3.11-slim-bookworm"
    image_nats: str = "nats:2.15.1"
    image_s3: str = "chrislusf/seaweedfs:4.48"
    image_postgresql: str = "postgres:15-bookworm"
    image_prefix: str = "trackside/"
    """What the names of our own images begin with."""
    image_tag: str = "test"
    image_build: bool = True
    """Whether to make our own images; if not, they have to be here."""

    def variables(self) -> dict[str, str]:
        """Return them as the variables of docker-compose.yml, and of the scripts that make images."""
        return {
            "TRACKSIDE_IMAGE_PYTHON": self.image_python,
            "TRACKSIDE_IMAGE_NATS": self.image_nats,
            "TRACKSIDE_IMAGE_S3": self.image_s3,
            "TRACKSIDE_IMAGE_POSTGRESQL": self.image_postgresql,
            "TRACKSIDE_IMAGE_PREFIX": self.image_prefix,
            "TRACKSIDE_IMAGE_TAG": self.image_tag,
        }
