"""All originals of one database: put in, taken out, sealed again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import PydanticSerializationError

from pipeline.domain import Transcript
from pipeline.errors import BadInput, BadSeal, TryAgain
from pipeline.files import sync_folder, write_atomically
from pipeline.vault.keys import Keyring
from pipeline.vault.seal import header_of, seal, unseal

ENDING = ".sealed"


def folder_of(db: Path) -> Path:
    """Where the originals of a database lie: `NAME.raw` for `NAME.duckdb`."""
    db = db.absolute()
    return db.with_name(f"{db.name.removesuffix('.duckdb')}.raw")


def path_in(folder: Path, content_sha256: str) -> Path:
    """Where the original of a content lies, or would; deleting it needs no key."""
    return folder / content_sha256[:2] / f"{content_sha256}{ENDING}"


def contents_of(folder: Path) -> list[str]:
    """Content hashes of the originals in a folder, sorted."""
    return sorted(path.stem for path in folder.glob(f"*/*{ENDING}"))


class _Original(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")

    format: int = 1
    transcript: Transcript


class Vault:
    """The folder `NAME.raw` and the keys to it. One process at a time may write."""

    def __init__(self, folder: Path, keys: Keyring) -> None:
        """Use `Vault.beside`; nothing is created before the first original."""
        self.folder = folder
        self.keys = keys

    @classmethod
    def beside(cls, db: Path, keys: Keyring) -> Self:
        """The vault of the database `db`: `NAME.raw` for `NAME.duckdb`."""
        return cls(folder_of(db), keys)

    def path_of(self, content_sha256: str) -> Path:
        """Where the original of a content lies, or would."""
        return path_in(self.folder, content_sha256)

    def put(self, content_sha256: str, transcript: Transcript) -> Path:
        """Seal a raw transcript; one of the same content is replaced. On the disk when it returns.

        Raises BadInput for text that is not Unicode, TryAgain when it cannot be written.
        """
        try:
            plain = _Original(transcript=transcript).model_dump_json().encode("utf-8")
        except PydanticSerializationError:
            # the library's own message would quote the text
            raise BadInput(
                f"call {transcript.info.call_id} holds text that is not Unicode. Export it again."
            ) from None
        return self._write(content_sha256, plain)

    def get(self, content_sha256: str) -> Transcript:
        """Open an original; BadSeal names the file and says why it does not open."""
        path = self.path_of(content_sha256)
        plain = unseal(self._bytes(path), content_sha256, self.keys, path.name)
        try:
            return _Original.model_validate_json(plain).transcript
        except ValidationError:
            raise BadSeal(
                f"{path.name}: opens, but holds a form that this callqa does not know. Update it."
            ) from None

    def contents(self) -> Iterator[str]:
        """Content hashes of all originals, sorted; BadInput when there is no folder of them."""
        if not self.folder.is_dir():
            raise BadInput(
                f"{self.folder}: there is no such folder, so no originals. Were they moved? "
                "`raw: {keep: true}` in the settings keeps those of new calls."
            )
        yield from contents_of(self.folder)

    def key_of(self, content_sha256: str) -> str:
        """The id of the key that an original is sealed with."""
        path = self.path_of(content_sha256)
        return header_of(self._bytes(path), path.name).key_id

    def reseal(self, content_sha256: str) -> bool:
        """Seal an original again with the active key; False when it was already."""
        path = self.path_of(content_sha256)
        data = self._bytes(path)
        plain = unseal(data, content_sha256, self.keys, path.name)
        if header_of(data, path.name).key_id == self.keys.active.id:
            return False
        self._write(content_sha256, plain)
        return True

    def _write(self, content_sha256: str, plain: bytes) -> Path:
        path = self.path_of(content_sha256)
        # the same name every time: what a kill leaves behind is overwritten by the next try
        temporary = path.with_name(f".{path.name}.tmp")
        try:
            path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
            write_atomically(path, seal(plain, content_sha256, self.keys.active), temporary)
            sync_folder(path.parent)  # before the report: no power cut leaves one without the other
        except OSError as error:
            with suppress(OSError):
                temporary.unlink()
            raise TryAgain(f"cannot write {path}: {error.strerror}; is the disk full?") from error
        return path

    def _bytes(self, path: Path) -> bytes:
        if not self.folder.is_dir():
            raise BadSeal(f"{self.folder}: there is no such folder. Restore it from a backup.")
        try:
            return path.read_bytes()
        except FileNotFoundError:
            raise BadSeal(
                f"{path.name}: there is no such file in {self.folder}: the call was processed "
                "without keeping originals, or the file was lost. Restore it from a backup."
            ) from None
        except OSError as error:
            raise BadSeal(f"{path.name}: cannot be read: {error.strerror}") from error
