"""The platform in containers, as docker-compose.yml says."""
