"""Why objects in an S3 store cannot be read: each with its cause, and what the person can do."""

from contracts.errors import Refusal


class BucketMissing(Refusal):
    """The store has no bucket of this name."""

    def __init__(self, bucket: str, store: str) -> None:
        super().__init__(f"There is no bucket {bucket} at {store}.", "Check its name, and the endpoint.")


class CredentialsRefused(Refusal):
    """The store does not believe who is asking."""

    def __init__(self, store: str, code: str) -> None:
        super().__init__(
            f"{store} refuses the credentials ({code}).",
            "Check key_id and secret, and that they belong to this store; then store the credentials again.",
        )


class CredentialsExpired(Refusal):
    """The credentials were good for a time that is over."""

    def __init__(self, store: str, code: str) -> None:
        super().__init__(
            f"{store} says that the credentials are good no more ({code}).",
            "Get new ones with their session_token, and store them under the same name.",
        )


class NotAllowed(Refusal):
    """Who is asking may not do this."""

    def __init__(self, what: str, store: str) -> None:
        super().__init__(
            f"Who asks may not {what} at {store}.",
            "Use credentials that may, have the store's owner allow it, or choose a pattern that leaves it out.",
        )


class NobodyAsks(Refusal):
    """There are no credentials, and nobody said that none are needed."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"Nothing says who asks for {where}.",
            "Name credentials; or set anonymous=true if everybody may read it.",
        )


class WrongRegion(Refusal):
    """The bucket lies in another region."""

    def __init__(self, bucket: str, region: str) -> None:
        super().__init__(
            f"The bucket {bucket} does not lie in the region {region}.", "Set region to the one that it was made in."
        )


class UnreadableKeys(Refusal):
    """Some keys cannot be named as paths."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"Some keys below {where} have an empty, a '.' or a '..' part between slashes, and so are no paths.",
            "Rename these objects, or choose a prefix without them.",
        )
