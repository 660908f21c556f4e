"""The bill of materials: by the standard's own schema, with nothing left out, and made by the image of itself."""

import json
import subprocess
import sys
import tomllib
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from ui.contents import MANIFEST, bill_of_materials

HOME = Path(__file__).resolve().parents[2]
WHERE = 'http://cyclonedx.org/schema/'


def schema(name: str) -> Any:
    return json.loads((resources.files('cyclonedx.schema._res') / f'{name}.SNAPSHOT.schema.json').read_text())


@pytest.fixture(scope='module')
def standard() -> Any:
    named = [(f'{WHERE}{name}.SNAPSHOT.schema.json', schema(name)) for name in ('spdx', 'jsf-0.82')]
    return jsonschema_rs.validator_for(schema('bom-1.6'), registry=jsonschema_rs.Registry(named))


def test_the_command_prints_what_cyclonedx_asks_for(standard: Any):
    printed = subprocess.run([sys.executable, 'main.py', 'sbom'], cwd=HOME, check=True, capture_output=True).stdout
    bill = json.loads(printed)
    assert [str(fault) for fault in standard.iter_errors(bill)] == []
    del bill['components'][0]['name']
    assert not standard.is_valid(bill)


def test_it_names_every_library_and_every_file_of_others():
    parts = bill_of_materials()['components']
    libraries = {part['name']: part['version'] for part in parts if part['purl'].startswith('pkg:pypi/')}
    assert len(libraries) == len({one.name.lower().replace('_', '-') for one in metadata.distributions()})
    assert libraries['nicegui'] == metadata.version('nicegui')
    assert {'python', 'sqlite', 'openssl'} <= {part['name'] for part in parts}
    files = {file['name'] for part in parts for file in part.get('components', ())}
    told = tomllib.loads(MANIFEST.read_text())['asset']
    assert files == {one['file'] for one in told if one['package'] not in {'logbook', 'nicegui'}}


def test_the_image_makes_its_own():
    assert 'main.py sbom > sbom.cdx.json' in (HOME / 'Dockerfile').read_text()
