"""The Merkle tree: published vectors, and the proofs of many trees against the plain definition."""

import hashlib
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from logic.audit.tree import (
    EMPTY_ROOT,
    TILE_WIDTH,
    Frontier,
    Node,
    consistency_plan,
    inclusion_plan,
    leaf_hash,
    node_hash,
    perfect_root,
    resolve,
    tile_part,
    verify_consistency,
    verify_inclusion,
)

# The reference inputs and roots of the certificate-transparency project, for trees of 1 to 8 leaves.
VECTOR_LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
VECTOR_ROOTS = [
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
LEAVES = [leaf_hash(str(number).encode()) for number in range(2000)]


@cache
def plain_root(start: int, end: int) -> bytes:
    """MTH of RFC 9162, 2.1.1, word for word."""
    if end == start:
        return hashlib.sha256().digest()
    if end - start == 1:
        return LEAVES[start]
    split = 1
    while split * 2 < end - start:
        split *= 2
    return node_hash(plain_root(start, start + split), plain_root(start + split, end))


def hash_of(node: Node) -> bytes:
    return plain_root(node.position << node.level, (node.position + 1) << node.level)


def test_the_published_vectors_hold() -> None:
    frontier = Frontier()
    assert (
        frontier.root()
        == EMPTY_ROOT
        == bytes.fromhex('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    )
    for data, root in zip(VECTOR_LEAVES, VECTOR_ROOTS, strict=True):
        frontier.append(leaf_hash(bytes.fromhex(data)))
        assert frontier.root().hex() == root


def test_a_growing_frontier_has_the_root_of_the_definition_at_every_size() -> None:
    frontier = Frontier()
    for size in range(2001):
        assert frontier.root() == plain_root(0, size)
        if size < 2000:
            frontier = Frontier.from_bytes(frontier.size, frontier.to_bytes())
            frontier.append(LEAVES[size])


def _indexes(size: int) -> range | list[int]:
    return (
        range(size) if size <= 300 or size in (1024, 2000) else sorted({0, 1, size // 3, size // 2, size - 2, size - 1})
    )


def test_every_inclusion_proof_convinces() -> None:
    for size in range(1, 2001):
        root = plain_root(0, size)
        for index in _indexes(size):
            proof = resolve(inclusion_plan(index, size), hash_of)
            assert verify_inclusion(LEAVES[index], index, size, proof, root), (index, size)


def test_every_consistency_proof_convinces() -> None:
    for new in range(1, 2001):
        root = plain_root(0, new)
        for old in (index + 1 for index in _indexes(new)):
            proof = resolve(consistency_plan(old, new), hash_of)
            assert verify_consistency(old, new, plain_root(0, old), root, proof), (old, new)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_proof_with_any_bit_changed_convinces_nobody(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 2000))
    index = data.draw(st.integers(0, size - 1))
    root = plain_root(0, size)
    proof = resolve(inclusion_plan(index, size), hash_of)
    at = data.draw(st.integers(0, len(proof) - 1))
    broken = bytearray(proof[at])
    broken[data.draw(st.integers(0, 31))] ^= 1 << data.draw(st.integers(0, 7))
    assert not verify_inclusion(LEAVES[index], index, size, [*proof[:at], bytes(broken), *proof[at + 1 :]], root)
    assert not verify_inclusion(LEAVES[index], index, size, proof[:-1], root)
    assert not verify_inclusion(LEAVES[index], index, size, [*proof, proof[0]], root)
    assert not verify_inclusion(LEAVES[index - 1], index, size, proof, root)
    old = data.draw(st.integers(1, size - 1))
    proof = resolve(consistency_plan(old, size), hash_of)
    at = data.draw(st.integers(0, len(proof) - 1))
    broken = bytearray(proof[at])
    broken[data.draw(st.integers(0, 31))] ^= 1 << data.draw(st.integers(0, 7))
    changed = [*proof[:at], bytes(broken), *proof[at + 1 :]]
    assert not verify_consistency(old, size, plain_root(0, old), root, changed)
    assert not verify_consistency(old, size, plain_root(0, old), root, proof[:-1])
    assert not verify_consistency(old, size, bytes(32), root, proof)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 40), st.integers(0, 2**40))
def test_a_node_lies_inside_one_tile(level: int, position: int) -> None:
    part = tile_part(Node(level, position))
    assert part.start + part.width <= TILE_WIDTH
    assert ((part.position * TILE_WIDTH + part.start) << (8 * part.level)) == position << level
    assert part.width << (8 * part.level) == 1 << level


def test_a_tile_root_is_the_node_above_it() -> None:
    assert perfect_root(LEAVES[256:512]) == plain_root(256, 512)
    frontier = Frontier()
    for tile in range(7):
        frontier.append_perfect(plain_root(tile * 256, tile * 256 + 256), 8)
    assert frontier.root() == plain_root(0, 1792)
    with pytest.raises(ValueError, match='multiple'):
        Frontier(1, [LEAVES[0]]).append_perfect(LEAVES[1], 8)


@pytest.mark.parametrize(('index', 'size'), [(-1, 5), (5, 5), (0, 0)])
def test_there_is_no_proof_of_an_entry_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match='no such entry'):
        inclusion_plan(index, size)
    assert not verify_inclusion(LEAVES[0], index, size, [], LEAVES[0])


def test_another_implementation_agrees_on_roots_and_proofs() -> None:
    other = InmemoryTree(algorithm='sha256')
    frontier = Frontier()
    for number in range(300):
        other.append_entry(str(number).encode())
        frontier.append(LEAVES[number])
        assert frontier.root() == other.get_root()
    for index in range(300):
        theirs = other.prove_inclusion(index + 1).path
        ours = resolve(inclusion_plan(index, 300), hash_of)
        assert {item.hex() for item in ours} <= {item.hex() if isinstance(item, bytes) else item for item in theirs}
