"""Base classes of the generated structs: strict where data come in, lenient where they go out."""

import msgspec


class Input(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What a client sends. An unknown field is an error: a typo must not be lost."""


class Answer(msgspec.Struct, kw_only=True, frozen=True):
    """What the server sends. Unknown fields are ignored: a kernel may have another version."""
