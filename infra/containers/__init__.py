"""What a platform of containers runs once, before its processes: secrets are made, streams and buckets provisioned."""
