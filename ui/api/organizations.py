"""Departments and the legal employers inside them."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from data.organizations import OrganizationKind
from logic import organizations
from logic.core.actor import ActorKind
from logic.core.errors import NotFound
from logic.core.service import SIGNED_IN
from logic.identity import memberships
from logic.organizations import MANAGE, CompanyInput, OrganizationInput
from ui.api.callers import Caller, CallerOnce
from ui.api.models import CompanyItem, Given, Labelled, Listing, ListParameters, OrganizationItem, merged, sliced
from ui.api.routing import delete, get, patch, post

Version = Annotated[int | None, Field(ge=1, description='The version that you read; 409 when there is a newer one.')]


class OrganizationPatch(Given):
    """Some fields of the department; what is left out stays."""

    name: Annotated[str | None, Field(min_length=2, max_length=120)] = None
    kind: OrganizationKind | None = None
    zone: Annotated[str | None, Field(max_length=60, examples=['Europe/Rome'])] = None
    people_word: Annotated[str | None, Field(min_length=2, max_length=20)] = None
    country: Annotated[str | None, Field(pattern=r'^([A-Z]{2})?$')] = None
    locale: Annotated[str | None, Field(max_length=20)] = None
    currency: Annotated[str | None, Field(pattern=r'^[A-Z]{3}$')] = None
    address: Annotated[str | None, Field(max_length=300)] = None
    phone: Annotated[str | None, Field(max_length=32)] = None
    brand_colour: Annotated[str | None, Field(max_length=7, examples=['#0b6e6e'])] = None
    version: Version = None


class CompanyPatch(Given):
    """Some fields of a legal employer; what is left out stays."""

    name: Annotated[str | None, Field(min_length=2, max_length=120)] = None
    address: Annotated[str | None, Field(max_length=300)] = None
    tax_id: Annotated[str | None, Field(max_length=40)] = None
    version: Version = None


@get('/organizations', permission=SIGNED_IN, response_model=Listing[Labelled])
async def list_organizations(caller: Caller, given: Annotated[ListParameters, Query()]) -> object:
    """List the departments that the caller's account belongs to; a key belongs to one."""
    if caller.kind is ActorKind.API_KEY:
        return sliced(Labelled, [await organizations.get_organization(caller)], given.asked())
    rows = [
        Labelled(id=one.organization_id, name=one.organization_name)
        for one in await memberships.list_memberships(caller)
    ]
    return sliced(Labelled, rows, given.asked())


@get('/organizations/{organization_id:uuid}', permission=SIGNED_IN, response_model=OrganizationItem)
async def get_organization(caller: Caller, organization_id: UUID) -> object:
    """Tell what the department is that the caller works in."""
    _here(caller.organization_id, organization_id)
    return await organizations.get_organization(caller)


@patch('/organizations/{organization_id:uuid}', permission=MANAGE, response_model=OrganizationItem)
async def update_organization(caller: Caller, organization_id: UUID, given: OrganizationPatch) -> object:
    """Change some fields of the department."""
    _here(caller.organization_id, organization_id)
    stored = await organizations.get_organization(caller)
    before = {name: getattr(stored, name) for name in OrganizationInput.model_fields}
    changes = given.model_dump(exclude_none=True, exclude={'version'})
    return await organizations.update_organization(caller, merged(OrganizationInput, before, changes), given.version)


def _here(own: UUID | None, asked: UUID) -> None:
    if own != asked:
        raise NotFound('There is no such department, or it is not the one that you are signed in to.')


@get('/companies', permission=SIGNED_IN, response_model=Listing[CompanyItem])
async def list_companies(caller: Caller, given: Annotated[ListParameters, Query()]) -> object:
    """List the legal employers, the archived ones last."""
    return sliced(CompanyItem, await organizations.list_companies(caller), given.asked())


@post('/companies', permission=MANAGE, status_code=201, response_model=CompanyItem)
async def add_company(caller: CallerOnce, given: CompanyInput) -> object:
    """Add a legal employer."""
    return await organizations.add_company(caller, given)


@get('/companies/{company_id:uuid}', permission=SIGNED_IN, response_model=CompanyItem)
async def get_company(caller: Caller, company_id: UUID) -> object:
    """Show one legal employer."""
    for company in await organizations.list_companies(caller):
        if company.id == company_id:
            return company
    raise NotFound('There is no such company.')


@patch('/companies/{company_id:uuid}', permission=MANAGE, response_model=CompanyItem)
async def update_company(caller: Caller, company_id: UUID, given: CompanyPatch) -> object:
    """Change a legal employer."""
    stored = CompanyItem.model_validate(await get_company(caller, company_id)).model_dump()
    before = {name: stored[name] for name in CompanyInput.model_fields}
    changes = given.model_dump(exclude_none=True, exclude={'version'})
    return await organizations.update_company(caller, company_id, merged(CompanyInput, before, changes), given.version)


@delete('/companies/{company_id:uuid}', permission=MANAGE, response_model=CompanyItem)
async def archive_company(caller: Caller, company_id: UUID) -> object:
    """Archive a legal employer: what names it keeps it. The last one stays."""
    return await organizations.archive_company(caller, company_id)
