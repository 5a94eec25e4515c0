"""Files that models need and that are made on this machine once: checked before each use."""

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from matcher.embedding.model_files import sha256
from matcher.errors import ModelUnavailableError

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class MadeFile:
    """A file that can always be made anew from something else.

    A JSON file beside it, its manifest, names it with its checksum. The name holds the checksum as
    well, so that two processes that make it at once do not overwrite each other's.

    Attributes
    ----------
    folder
        Where it is kept; made when needed.
    name
        Such as ``minilm.onnx``.
    made_from
        Checksums of everything that it depends on.
    make
        Writes it.
    """

    folder: Path
    name: str
    made_from: Mapping[str, str]
    make: Callable[[Path], None]

    def path(self) -> Path:
        """Where the file is; it is made if it is missing, damaged or made from something else.

        Raises
        ------
        ModelUnavailableError
            It cannot be made or written; the text says why.
        """
        return self._intact() or self._made()

    @property
    def _manifest(self) -> Path:
        return self.folder / f"{self.name}.json"

    def _intact(self) -> Path | None:
        try:
            manifest = json.loads(self._manifest.read_bytes())
            file = self.folder / str(manifest["file"])
            checksum, made_from = manifest["sha256"], manifest["made_from"]
            intact = made_from == dict(self.made_from) and sha256(file) == checksum
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return file if intact else None

    def _made(self) -> Path:
        LOG.info("%s is made; this is needed once and takes a while", self.name)
        began = time.monotonic()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=self.folder) as beside:
                file = self._put(Path(beside))
        except OSError as error:
            raise ModelUnavailableError(
                f"{self.name} cannot be written to {self.folder} ({error.strerror or error}). Make "
                "room or give this folder to the user of the service, or set MATCHER_HOME."
            ) from error
        LOG.info("%s was made in %.0f s", self.name, time.monotonic() - began)
        return file

    def _put(self, beside: Path) -> Path:
        """Make the file in a folder beside its place, and move it there before its manifest."""
        new, manifest = beside / self.name, beside / "manifest"
        self.make(new)
        checksum = sha256(new)
        file = self.folder / f"{checksum[:16]}-{self.name}"
        said = {"file": file.name, "sha256": checksum, "made_from": dict(self.made_from)}
        manifest.write_text(json.dumps(said, indent=1))
        new.replace(file)
        manifest.replace(self._manifest)
        for other in self.folder.glob(f"*-{self.name}"):
            if other != file:
                other.unlink(missing_ok=True)
        return file
