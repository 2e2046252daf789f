"""The vault: raw transcripts, sealed one by one, beside a database. Off unless the settings say so.

::

    NAME.raw/ab/ab12….sealed    magic, version, key id, key check, content hash, nonce │ AES-256-GCM
                                over compressed JSON; all before the bar is authenticated too

A file that was cut, changed in one byte, or copied over another call's name does not open. Files
are written, synced and renamed; only sealed bytes ever touch the disk. Who may look, and the trail
of who did, is `pipeline/originals.py`.
"""

from pipeline.vault.keys import Key, Keyring, new_key_file, parse_keys, read_key_file
from pipeline.vault.vault import Vault, contents_of, folder_of, path_in

__all__ = [
    "Key",
    "Keyring",
    "Vault",
    "contents_of",
    "folder_of",
    "new_key_file",
    "parse_keys",
    "path_in",
    "read_key_file",
]
