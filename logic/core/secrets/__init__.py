"""Keys and encryption: the key files of an installation, and values that only it can read."""

from logic.core.secrets.envelope import (
    SEALED_COLUMNS,
    Place,
    SealedColumn,
    Tampered,
    blind_indexes,
    open_value,
    reseal_column,
    rewrap_data_keys,
    rotate_data_key,
    seal_value,
    sealed_column,
)
from logic.core.secrets.inventory import INVENTORY, Use
from logic.core.secrets.keys import (
    Secrets,
    SecretsError,
    begin_kek_rotation,
    finish_kek_rotation,
    generate_key,
    install,
    installed,
    open_secrets,
    parse_key,
)

__all__ = [
    'INVENTORY',
    'SEALED_COLUMNS',
    'Place',
    'SealedColumn',
    'Secrets',
    'SecretsError',
    'Tampered',
    'Use',
    'begin_kek_rotation',
    'blind_indexes',
    'finish_kek_rotation',
    'generate_key',
    'install',
    'installed',
    'open_secrets',
    'open_value',
    'parse_key',
    'reseal_column',
    'rewrap_data_keys',
    'rotate_data_key',
    'seal_value',
    'sealed_column',
]
