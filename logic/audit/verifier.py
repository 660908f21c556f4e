"""Verifies an exported audit log, or the proof of one entry, on any computer: python verifier.py EXPORT.

This one file needs Python 3.11 and the package "cryptography", and nothing of the program that wrote the log. What it
checks: every entry hashes into one tree (RFC 9162); the tree has the signed roots (C2SP checkpoints, Ed25519) and the
roots of the anchors you hold (mails, minutes, files: --anchor FILE); the stored tiles are those of the tree. Compare
the key that it prints with the one that you were given at another time (--key does it for you): a log can be made anew
by whoever has the signing key, but not so that it fits an anchor in your hands.
"""

import argparse
import base64
import email
import email.policy
import hashlib
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = 2
NOTE = re.compile(
    r'logbook/(?P<log>[0-9a-f-]{36})\s+(?P<size>\d{1,16})\s+(?P<root>[A-Za-z0-9+/]{43}=)\s+epoch\s+(?P<epoch>\d{1,9})'
    r'\s+time\s+(?P<time>[0-9T:.Z-]{27})(?P<signatures>(?:\s+[—–-]+\s+\S+\s+[A-Za-z0-9+/]{40,}=*)+)'
)
SIGNATURE = re.compile(r'[—–-]+\s+(\S+)\s+([A-Za-z0-9+/]{40,}=*)')

Key = tuple[str, bytes, Ed25519PublicKey]
"""Name, four bytes of its hash, and the key."""
Point = tuple[str, int, bytes, int, str]
"""Log, size, root and epoch that somebody signed, and what to call it."""


class Bad(Exception):
    """The log or proof is not what it should be; the sentence says what and where."""


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b'\x00' + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b'\x01' + left + right).digest()


class Tree:
    """A tree that grows to the right; it keeps the whole tiles of each level to compare them with the stored ones."""

    def __init__(self, tiles: dict[int, bytes]) -> None:
        self.size = 0
        self.edge: list[bytes] = []
        self.stored = tiles
        self.rows: dict[int, list[bytes]] = {}

    def add(self, item: bytes) -> None:
        self.tile(0, item, self.size)
        size = self.size
        while size & 1:
            item, size = node(self.edge.pop(), item), size >> 1
        self.edge.append(item)
        self.size += 1

    def tile(self, level: int, item: bytes, position: int) -> None:
        row = self.rows.setdefault(level, [])
        at = position * 32
        stored = self.stored.get(level, b'')[at : at + 32]
        row.append(item)
        # The last tile of a level is stored only when it is complete.
        if stored and stored != item:
            raise Bad(f'Entry {position * 256**level}: it is not the one whose hash stands in the tiles.')
        if len(row) == 256:
            if not stored:
                raise Bad(f'Entry {(position - 255) * 256**level}: the tile over it and those after it is missing.')
            self.rows[level] = []
            while len(row) > 1:
                row = [node(row[at], row[at + 1]) for at in range(0, len(row), 2)]
            self.tile(level + 1, row[0], position // 256)

    def root(self) -> bytes:
        if not self.edge:
            return hashlib.sha256().digest()
        root = self.edge[-1]
        for item in reversed(self.edge[:-1]):
            root = node(item, root)
        return root


def read_key(line: str) -> Key:
    """Return name, id and key of a line name+id+key."""
    name, identity, encoded = line.strip().split('+', 2)
    data = base64.b64decode(encoded)
    if hashlib.sha256(name.encode() + b'\n' + data).digest()[:4].hex() != identity or data[:1] != b'\x01':
        raise Bad(f'The key {line.strip()} is damaged.')
    return name, bytes.fromhex(identity), Ed25519PublicKey.from_public_bytes(data[1:])


def read_notes(text: str, keys: list[Key], what: str) -> list[Point]:
    """Return (log, size, root, epoch, name) of every signed note in a text."""
    if 'MIME-Version:' in text:  # a mail as it was sent, with its lines encoded
        parts = email.message_from_string(text, policy=email.policy.default).walk()
        text = '\n'.join(part.get_content() for part in parts if part.get_content_type() == 'text/plain')
    unquoted = '\n'.join(line.lstrip('> \t') for line in text.splitlines())
    found = []
    for note in NOTE.finditer(unquoted):  # a mail program may have broken it into other lines
        place = f'logbook/{note["log"]}\n{note["size"]}\n{note["root"]}'
        signed = f'{place}\nepoch {note["epoch"]}\ntime {note["time"]}\n'
        if not any(is_signed(signed, note['signatures'], key) for key in keys):
            raise Bad(f'The {what} over {note["size"]} entries is not signed by the key.')
        root = base64.b64decode(note['root'])
        name = f'The {what} of {note["time"][:16].replace("T", " ")} over {note["size"]} entries'
        found.append((note['log'], int(note['size']), root, int(note['epoch']), name))
    return found


def is_signed(text: str, signatures: str, key: Key) -> bool:
    name, identity, public = key
    for signer, encoded in SIGNATURE.findall(signatures):
        data = base64.b64decode(encoded)
        if signer == name and data[:4] == identity and base64.b64encode(data).decode() == encoded:
            try:
                public.verify(data[4:], text.encode())
            except InvalidSignature:
                continue
            return True
    return False


class Export:
    """An exported log as it is examined."""

    def __init__(self, archive: zipfile.ZipFile, key_lines: list[str], anchors: list[str]) -> None:
        self.archive = archive
        self.about = json.loads(archive.read('log.json'))
        if self.about['format'] > FORMAT:
            raise Bad('This export is newer than this verifier. Take the verifier.py that came with the export.')
        lines = archive.read('key.txt').decode().split('\n')
        self.keys = [read_key(line) for line in (key_lines or lines) if line.strip()]
        self.points = read_notes(archive.read('checkpoints.txt').decode(), self.keys, 'checkpoint')
        self.anchors = [point for text in anchors for point in read_notes(text, self.keys, 'anchor')]
        if anchors and not any(point[0] == self.about['log'] for point in self.anchors):
            raise Bad('None of the anchors that you gave speaks of this log.')
        self.first: int = self.about.get('first', 0)
        self.is_part: bool = self.about.get('is_part', False)
        self.restores: list[dict[str, int]] = self.about.get('restores', [])
        self.closed: tuple[int, dict[str, Any]] | None = None
        self.seen: list[dict[str, int]] = []
        self.gaps: list[str] = []
        self.orders: list[str] = []
        self.named: set[str] = set()

    def expected(self) -> dict[int, list[tuple[bytes, str]]]:
        """Return size to (root, name), for every word given about this log that later restores leave standing."""
        result: dict[int, list[tuple[bytes, str]]] = {}
        for log, size, root, epoch, name in self.points + self.anchors:
            if log != self.about['log']:
                continue
            later = next((restore for restore in self.restores if restore['epoch'] > epoch), None)
            if later is None or size <= later['first']:
                result.setdefault(size, []).append((root, name))
            elif size > later['known_size']:
                raise Bad(f'{name} proves more than the restore that began epoch {later["epoch"]} admits.')
        return result

    def examine(self) -> tuple[Tree, int]:
        expected, tiles = self.expected(), {}
        for name in self.archive.namelist():
            if name.startswith('tiles/'):
                tiles[int(name[6:-4])] = self.archive.read(name)
        tree = Tree(tiles)
        checked = 0
        for at in range(0, self.first * 32, 32):  # of entries that were closed the hashes stay, in whole tiles
            tree.add(tiles.get(0, b'')[at : at + 32])
            checked = self.meet(tree, expected, checked)
        before = tree.root()
        with self.archive.open('entries.jsonl') as lines:
            for line in lines:
                self.entry(tree.size, line.removesuffix(b'\n'))
                tree.add(leaf(line.removesuffix(b'\n')))
                checked = self.meet(tree, expected, checked)
        for name in (name for size in sorted(expected) for _, name in expected[size]):
            raise Bad(f'Entry {tree.size}: {name} proves more; the entries from here on are missing.')
        if (tree.size, tree.root().hex()) != (self.about['size'], self.about['root']):
            raise Bad(f'Entry {checked}: the log does not have the size and root that the export names.')
        known = self.before(before, checked)
        if known + self.seen != self.restores:
            raise Bad('The restores that the export names are not those that its entries tell.')
        return tree, checked

    def meet(self, tree: Tree, expected: dict[int, list[tuple[bytes, str]]], checked: int) -> int:
        """Compare the root with every word given about this size; return up to which entry all is checked."""
        for root, name in expected.pop(tree.size, []):
            if root != tree.root():
                raise Bad(f'Entry {checked}: {name} shows another root; an entry up to {tree.size - 1} was changed.')
            checked = tree.size
        return checked

    def before(self, root: bytes, signed: int) -> list[dict[str, int]]:
        """Check what is said of the entries before the first one in this file; return the restores among them."""
        if self.is_part or not self.first:
            return [restore for restore in self.restores if restore['first'] < self.first]
        if self.closed is None or self.closed[1]['size'] != self.first:
            raise Bad(f'Entry {self.first}: those before it are missing, and no entry says that they were closed.')
        seq, closing = self.closed
        if closing['root'] != root.hex():
            raise Bad(f'Entry 0: the hashes before entry {self.first} are not those that entry {seq} closed.')
        if seq >= signed:
            raise Bad(f'Entry {seq}: it closes the entries before {self.first}, but nobody signed it.')
        for first, end, file, digest in closing['parts']:
            self.gaps.append(
                f'Entries {first} to {end - 1} were closed, as entry {seq} says. Only their hashes are here; their '
                f'texts lie in the file {file} with the SHA-256 {digest}.'
            )
        return [dict(zip(('epoch', 'first', 'known_size'), one, strict=True)) for one in closing['restores']]

    def entry(self, seq: int, line: bytes) -> None:
        try:
            said = json.loads(line)
            place = (said['log'], said['seq'])
        except (ValueError, LookupError, TypeError):
            raise Bad(f'Entry {seq}: it has not the form of an entry.') from None
        if place != (self.about['log'], seq):
            raise Bad(f'Entry {seq}: it was written as entry {place[1]} of log {place[0]}.')
        if said['action'] == 'audit.begin_epoch':
            changes = said['changes']
            known = changes['known_size'][1] or seq
            self.seen.append({'epoch': changes['epoch'][1], 'first': seq, 'known_size': known})
            if known > seq:
                self.gaps.append(f'Entries {seq} to {known - 1} were lost in a restore, as entry {seq} admits.')
        elif said['action'] == 'audit.part_closed':
            self.closed = (seq, {name: new for name, (_, new) in said['changes'].items()})
        elif said['action'] in ('audit.erase_subject', 'audit.expire_values'):
            order = f'by order: {said["reason"]}' if said['reason'] else 'because their time was over'
            self.orders.append(f'{said["changes"]["values"][0]} personal values were erased {order}.')
        self.named.update(item for pair in said['personal'].values() for item in pair if item)
        self.named.update(said['actor'][name] for name in ('name', 'device') if said['actor'][name])

    def disclosed(self) -> int | None:
        """Check the personal values that came with the export against what the entries committed to."""
        if 'personal.jsonl' not in self.archive.namelist():
            return None
        count = 0
        with self.archive.open('personal.jsonl') as lines:
            for line in lines:
                said = json.loads(line)
                data = bytes.fromhex(said['salt']) + said['value'].encode()
                if hashlib.sha256(data).hexdigest() != said['commitment'] or said['commitment'] not in self.named:
                    raise Bad(f'The personal value {said["value"][:60]} is not one that an entry committed to.')
                count += 1
        return count


def verify_export(path: str, key_lines: list[str], anchors: list[str]) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        export = Export(archive, key_lines, anchors)
        tree, signed = export.examine()
        disclosed = export.disclosed()
    lines = [f'Log {export.about["log"]}: {tree.size} entries, intact.', f'Root {tree.root().hex()}.']
    if export.is_part:
        lines += [f'This is a closed part of it, entries {export.first} to {tree.size - 1}.']
    lines += [f'{len(export.points)} checkpoints hold; {tree.size - signed} entries at the end are not signed.']
    anchored = max((point[1] for point in export.anchors if point[0] == export.about['log']), default=0)
    lines += [f'{tree.size - min(anchored, tree.size)} entries are not covered by an anchor that you gave.']
    lines += export.gaps + export.orders
    if disclosed is not None:
        lines.append(f'{disclosed} personal values came with it; each is the one that its entry committed to.')
    return lines + known_key(archive_keys=export.keys, given=key_lines)


def verify_proof(path: str, key_lines: list[str], anchors: list[str]) -> list[str]:
    """Verify that one entry stands in a log whose root is signed."""
    said = json.loads(Path(path).read_text('utf-8'))
    keys = [read_key(line) for line in (key_lines or [said['key']])]
    points = read_notes(said['checkpoint'], keys, 'checkpoint')
    points += [point for text in anchors for point in read_notes(text, keys, 'anchor')]
    size, at, current = said['size'], said['index'], leaf(said['entry'].encode())
    if not 0 <= at < size:
        raise Bad('The proof is of an entry that the log does not have.')
    last = size - 1
    for item in map(bytes.fromhex, said['path']):
        if last == 0:
            raise Bad('The proof is too long.')
        if at & 1 or at == last:
            current = node(item, current)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            current = node(current, item)
        at, last = at >> 1, last >> 1
    entry = json.loads(said['entry'])
    if last or current.hex() != said['root'] or (entry['log'], entry['seq']) != (said['log'], said['index']):
        raise Bad('The entry is not the one at this place of the log.')
    if not any(point[:3] == (said['log'], size, current) for point in points):
        raise Bad('The entry leads to a root that nobody signed. Ask again after the next checkpoint.')
    lines = [
        f'Entry {said["index"]} stands in log {said["log"]} of {size} entries, under a signed root.',
        said['entry'],
    ]
    return lines + known_key(keys, key_lines)


def known_key(archive_keys: list[Key], given: list[str]) -> list[str]:
    if given:
        return ['Signed by the key that you gave.']
    names = ', '.join(f'{name}+{identity.hex()}' for name, identity, _ in archive_keys)
    return [f'Signed by {names}. Compare this with the key that you were given at another time.']


def main() -> int:
    parser = argparse.ArgumentParser(description='Verify an exported audit log or the proof of one entry.')
    parser.add_argument('export', help='the exported ZIP file, or the proof of an entry')
    parser.add_argument('--anchor', action='append', default=[], help='a file with a mail or note that you kept')
    parser.add_argument('--key', action='append', default=[], help='the public key that you were given, name+id+key')
    given = parser.parse_args()
    try:
        anchors = [Path(name).read_text('utf-8') for name in given.anchor]
        verify = verify_export if zipfile.is_zipfile(given.export) else verify_proof
        lines = verify(given.export, given.key, anchors)
    except Bad as bad:
        sys.stdout.write(f'DAMAGED. {bad}\n')
        return 1
    except (OSError, ValueError, LookupError, TypeError, zipfile.BadZipFile) as error:
        sys.stdout.write(f'This cannot be verified: {type(error).__name__}: {error}\n')
        return 2
    sys.stdout.write('\n'.join(lines) + '\n')
    return 0


if __name__ == '__main__':
    sys.exit(main())
