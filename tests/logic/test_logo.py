"""The department's logo: set by administrators, seen by its people only."""

import io

import pytest
from PIL import Image

from logic import organizations, storage
from logic.core import config
from logic.core.config import Settings
from logic.core.errors import Denied, Invalid, NotFound


@pytest.fixture(autouse=True)
def folder(secrets):
    config.configure(Settings(_env_file=None, data_dir=secrets))
    yield secrets / 'files'
    config.configure(None)


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new('RGB', (64, 64), 'teal').save(buffer, 'PNG')
    return buffer.getvalue()


async def test_a_logo_is_seen_by_the_department_and_by_nobody_else(chief, member, stranger):
    await organizations.send_logo(chief, 'logo.png', picture())
    file_id = (await organizations.get_organization(chief)).logo_file_id
    assert (await storage.get_file(member, file_id)).media_type.startswith('image/')
    with pytest.raises(NotFound):
        await storage.get_file(stranger, file_id)


async def test_what_is_no_picture_is_no_logo(chief):
    with pytest.raises(Invalid):
        await organizations.send_logo(chief, 'logo.svg', b'<svg onload="alert(1)"/>')


async def test_a_member_sets_no_logo(member):
    with pytest.raises(Denied):
        await organizations.send_logo(member, 'logo.png', picture())
