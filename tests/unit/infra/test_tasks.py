import asyncio

from infra.tasks import ended


async def test_a_task_that_loses_a_cancellation_is_ended_all_the_same() -> None:
    lost = 0

    async def deaf() -> None:
        nonlocal lost
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                lost += 1
                if lost == 3:
                    raise

    task = asyncio.create_task(deaf())
    await asyncio.wait([task], timeout=0)
    await ended(task, patience=0.01)
    assert task.cancelled()
    assert lost == 3


async def test_tasks_that_are_over_are_left_alone() -> None:
    async def done() -> int:
        return 1

    task = asyncio.create_task(done())
    await task
    await ended(task)
    assert task.result() == 1
