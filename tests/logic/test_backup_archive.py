"""An archive opens for whom it was locked, and whatever was changed, moved or cut off in it is noticed."""

import io
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logic.backup import archive
from logic.backup.making import to_drop
from logic.core.errors import Invalid

PHRASE = 'five words are quite good'
HEADER = {'version': '0', 'schema': '0001', 'created_at': '2026-01-01'}
CONTENT = bytes(range(256)) * 5_000


def write(path: Path, content: bytes = CONTENT, phrase: str | None = None, recipients: tuple[str, ...] = ()) -> Path:
    writer = archive.Writer(path, HEADER, phrase, recipients)
    for start in range(0, len(content), 100_000):
        writer.write(content[start : start + 100_000])
    writer.complete()
    return path


def read(path: Path, phrase: str | None = None, keys: tuple[str, ...] = ()) -> bytes:
    reader = archive.Reader(path)
    try:
        reader.open(phrase, keys)
        return reader.read()
    finally:
        reader.close()


@pytest.fixture(scope='module')
def key() -> str:
    return archive.new_key()


def test_it_opens_with_the_passphrase_and_with_each_recipients_key(tmp_path: Path, key: str) -> None:
    other = archive.new_key()
    path = write(tmp_path / 'a', CONTENT, PHRASE, (archive.recipient_of(key), archive.recipient_of(other)))
    assert read(path, PHRASE) == read(path, keys=(key,)) == read(path, keys=(other,)) == CONTENT
    assert path.stat().st_mode & 0o077 == 0
    assert CONTENT[:64] not in path.read_bytes()


def test_a_wrong_passphrase_or_key_is_told_in_a_sentence(tmp_path: Path, key: str) -> None:
    path = write(tmp_path / 'a', b'x', PHRASE)
    with pytest.raises(Invalid, match='passphrase does not open'):
        read(path, PHRASE + '!')
    with pytest.raises(Invalid, match='add --passphrase'):
        read(path, keys=(key,))
    with pytest.raises(Invalid, match='--key-file'):
        read(write(tmp_path / 'b', b'x', None, (archive.recipient_of(key),)), keys=(archive.new_key(),))


def test_it_is_never_written_in_the_clear_or_under_a_short_passphrase(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match='always encrypted'):
        write(tmp_path / 'a')
    with pytest.raises(Invalid, match='at least 12'):
        write(tmp_path / 'a', phrase='short')
    with pytest.raises(Invalid, match='begins with'):
        write(tmp_path / 'a', recipients=('logbook-backup-for-nonsense',))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize('size', [0, 1, archive.CHUNK - 1, archive.CHUNK, archive.CHUNK + 1, 3 * archive.CHUNK])
def test_every_length_comes_back(tmp_path: Path, key: str, size: int) -> None:
    content = b'\x5a' * size
    assert read(write(tmp_path / 'a', content, recipients=(archive.recipient_of(key),)), keys=(key,)) == content


@pytest.fixture(scope='module')
def sound(tmp_path_factory: pytest.TempPathFactory, key: str) -> bytes:
    path = tmp_path_factory.mktemp('sound') / 'a'
    return write(path, CONTENT * 2, recipients=(archive.recipient_of(key),)).read_bytes()


@settings(max_examples=60, deadline=None)
@given(place=st.floats(0, 0.999999), flip=st.integers(1, 255))
def test_every_changed_byte_is_noticed(
    sound: bytes, key: str, tmp_path_factory: pytest.TempPathFactory, place: float, flip: int
) -> None:
    spoilt = bytearray(sound)
    spoilt[int(place * len(spoilt))] ^= flip
    path = tmp_path_factory.getbasetemp() / 'spoilt'
    path.write_bytes(spoilt)
    with pytest.raises(Invalid):
        read(path, keys=(key,))


def test_a_missing_end_is_noticed_wherever_it_was_cut(sound: bytes, key: str, tmp_path: Path) -> None:
    begin = sound.index(b'\n', len(archive.FORMAT)) + 1
    chunk = archive.CHUNK + archive.TAG
    for end in (10, begin - 2, begin, begin + 5, begin + chunk, begin + chunk + 1, begin + 2 * chunk, len(sound) - 1):
        (tmp_path / 'cut').write_bytes(sound[:end])
        with pytest.raises(Invalid):
            read(tmp_path / 'cut', keys=(key,))


def test_chunks_cannot_change_places_or_be_added(sound: bytes, key: str, tmp_path: Path) -> None:
    begin, chunk = sound.index(b'\n', len(archive.FORMAT)) + 1, archive.CHUNK + archive.TAG
    head, first, second = sound[:begin], sound[begin : begin + chunk], sound[begin + chunk : begin + 2 * chunk]
    for spoilt in (head + second + first + sound[begin + 2 * chunk :], sound + first, head + first + sound[begin:]):
        (tmp_path / 'moved').write_bytes(spoilt)
        with pytest.raises(Invalid):
            read(tmp_path / 'moved', keys=(key,))


@pytest.mark.parametrize(
    ('content', 'sentence'),
    [(b'', 'no backup of Logbook'), (b'PK\x03\x04', 'no backup'), (b'logbook-backup/9\n{}\n', 'newer Logbook')],
)
def test_what_is_no_archive_of_ours_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / 'x').write_bytes(content)
    with pytest.raises(Invalid, match=sentence):
        read(tmp_path / 'x', PHRASE)


def test_a_costly_header_cannot_exhaust_the_memory(tmp_path: Path) -> None:
    path = write(tmp_path / 'a', b'x', PHRASE)
    spoilt = path.read_bytes().replace(b'"memory_cost": 65536', b'"memory_cost": 99999999')
    path.write_bytes(spoilt)
    with pytest.raises(Invalid, match='damaged'):
        read(path, PHRASE)


def test_old_backups_go_by_days_weeks_and_months_and_the_newest_stays() -> None:
    today = datetime(2026, 6, 30, 3, tzinfo=UTC)
    nights = [today - timedelta(days=days) for days in range(500)]
    dropped = {nights[position] for position in to_drop(nights, today, keep_days=14)}
    kept = [night for night in nights if night not in dropped]
    assert kept[:15] == nights[:15]
    assert len(kept) < 15 + 8 + 13
    assert max(today - night for night in kept) > timedelta(days=300)
    assert to_drop([today - timedelta(days=4000)], today, keep_days=14) == []
    assert [(one - other).days for one, other in pairwise(kept[16:20])] == [7, 7, 7]


def test_the_hours_of_a_day_stay_and_then_one_backup_a_day() -> None:
    now = datetime(2026, 6, 30, 12, 30, tzinfo=UTC)
    hours = [now - timedelta(hours=count) for count in range(24 * 20)]
    dropped = {hours[position] for position in to_drop(hours, now, keep_days=14)}
    kept = [hour for hour in hours if hour not in dropped]
    assert kept[:25] == hours[:25]
    assert {(one - other) for one, other in pairwise(kept[26:38])} == {timedelta(days=1)}
    assert len(kept) < 25 + 14 + 3


def test_what_reads_as_a_stream_reads_in_small_parts(tmp_path: Path, key: str) -> None:
    path = write(tmp_path / 'a', CONTENT, recipients=(archive.recipient_of(key),))
    reader, target = archive.Reader(path).open(None, (key,)), io.BytesIO()
    while part := reader.read(1000):
        target.write(part)
    reader.close()
    assert target.getvalue() == CONTENT
