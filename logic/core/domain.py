"""What a domain says of itself: title, permissions, events, jobs, and whether it can be switched off."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from data.later import later

if TYPE_CHECKING:
    from logic.core.jobs import Run
    from logic.core.work import Work

EventT = TypeVar('EventT')
JobFunction = Callable[..., Awaitable[Any]]
Handler = Callable[['Work', Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Job:
    """A function that runs later, in a work of its own, as the system."""

    name: str
    function: JobFunction
    schedule: str | None = None
    """A cron expression in UTC; None when it is only enqueued."""
    attempts: int = 8
    is_detached: bool = False
    """It gets a `Run` in place of a work: for what is long or waits for a network; it opens its own transactions."""
    is_for_instance: bool = False
    """Its schedule fires once for the installation, and not once for each organization."""

    @property
    def domain(self) -> str:
        """The name of the domain that declared it."""
        return self.name.partition('.')[0]

    async def __call__(self, work: 'Work | Run', *args: Any) -> Any:
        return await self.function(work, *args)


@dataclass(slots=True)
class Domain:
    """One noun of Logbook. Making one registers it."""

    name: str
    title: str
    icon: str = ''
    group: str = ''
    switchable: bool = False
    description: str = ''
    permissions: dict[str, str] = field(default_factory=dict)
    """Permission to label, in the order in which the positions editor shows them."""

    def __post_init__(self) -> None:
        if self.name in domains:
            raise RuntimeError(f'Two domains are named {self.name}.')
        self.title, self.description = later(self.title), later(self.description)
        domains[self.name] = self

    def permission(self, verb: str, label: str) -> str:
        """Declare a permission and return its full name."""
        name = f'{self.name}.{verb}'
        self.permissions[name] = later(label)
        return name

    def on(self, event: type[EventT]) -> Callable[[Callable[['Work', EventT], Awaitable[None]]], Handler]:
        """Run the decorated function in the same work whenever such an event is emitted; its failure fails all."""

        def register(handler: Callable[['Work', EventT], Awaitable[None]]) -> Handler:
            handlers.setdefault(event, []).append(handler)
            return handler

        return register

    def job(
        self, *, schedule: str | None = None, attempts: int = 8, detached: bool = False, instance: bool = False
    ) -> Callable[[JobFunction], Job]:
        """Declare a job. With a schedule it runs once per organization and time, on any number of nodes.

        It is called with a work that commits together with the note that it is done. A `detached` one is called with a
        `Run` outside of any transaction: sending, exporting, whatever takes long or waits for others. With `instance`
        the schedule fires once in all, without an organization.
        """

        def register(function: JobFunction) -> Job:
            job = Job(f'{self.name}.{function.__name__}', function, schedule, attempts, detached, instance)
            if job.name in jobs:
                raise RuntimeError(f'Two jobs are named {job.name}.')
            jobs[job.name] = job
            return job

        return register


domains: dict[str, Domain] = {}
handlers: dict[type, list[Handler]] = {}
jobs: dict[str, Job] = {}


def permission_labels() -> dict[str, str]:
    """Return every permission with its label, domain by domain."""
    return {name: label for domain in domains.values() for name, label in domain.permissions.items()}
