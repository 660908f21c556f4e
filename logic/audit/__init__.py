"""The audit log: what everybody did, provable to an outsider."""

from logic.audit.append import append
from logic.core.recording import record_with

record_with(append)

__all__ = ['append']
