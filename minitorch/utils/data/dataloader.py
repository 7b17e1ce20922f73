"""DataLoader: batches from a dataset, in order or shuffled, loaded ahead by worker threads.

PyTorch's workers are processes; here they are threads, which share the dataset's memory and
start in microseconds. Pillow and NumPy release Python's lock, so they do run side by side.
Worker i takes batches i, i + W, i + 2W, … and has a random generator of its own, seeded with
base_seed + i as in PyTorch; batches come back in order.
"""

from __future__ import annotations

import queue
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ... import random
from .collate import default_collate, default_convert
from .dataset import IterableDataset
from .sampler import BatchSampler, RandomSampler, SequentialSampler, random_seed


@dataclass
class WorkerInfo:
    """What `get_worker_info` tells inside a worker."""

    id: int
    num_workers: int
    seed: int
    dataset: Any


_local = threading.local()


def get_worker_info() -> WorkerInfo | None:
    """Inside a worker: its id, their number, its seed, the dataset; elsewhere None."""
    return getattr(_local, "info", None)


class _InfiniteSampler:
    """For streams: there are no indices, only "the next one"."""

    def __iter__(self) -> Iterator[None]:
        while True:
            yield None


class DataLoader:
    """An iterable over the batches of a dataset.

    Args:
        dataset             has `__getitem__` and `__len__`, or is an IterableDataset
        batch_size          samples in a batch (default 1); None: samples as they are
        shuffle             a new random order each epoch (default False)
        sampler             gives the indices instead; not together with shuffle
        batch_sampler       gives lists of indices; not together with batch_size, shuffle, sampler
                            or drop_last
        num_workers         threads that load ahead (default 0: load when asked)
        collate_fn          makes a batch of a list of samples (default: `default_collate`)
        pin_memory          accepted; without an accelerator PyTorch warns and does nothing, too
        drop_last           leave out a last batch that is not full (default False)
        timeout             seconds to wait for a worker's batch; 0 (default): for ever
        worker_init_fn      called with the worker's id when it starts
        generator           a torch.Generator for the order and the workers' seeds
        prefetch_factor     batches that each worker loads ahead (default 2)
        persistent_workers  accepted with workers: threads start too fast to be worth keeping
        in_order            False: batches come as they are ready
    Raises:
        ValueError  options that exclude each other or are out of range

    >>> import minitorch as torch
    >>> loader = torch.utils.data.DataLoader(range(5), batch_size=2)
    >>> list(loader)
    [tensor([0, 1]), tensor([2, 3]), tensor([4])]
    """

    def __init__(
        self, dataset: Any, batch_size: int | None = 1, shuffle: bool | None = None,
        sampler: Any = None, batch_sampler: Any = None, num_workers: int = 0,
        collate_fn: Callable[[list[Any]], Any] | None = None, pin_memory: bool = False,
        drop_last: bool = False, timeout: float = 0,
        worker_init_fn: Callable[[int], None] | None = None, multiprocessing_context: Any = None,
        generator: Any = None, *, prefetch_factor: int | None = None,
        persistent_workers: bool = False, pin_memory_device: str = "", in_order: bool = True,
    ) -> None:  # fmt: skip
        if num_workers < 0:
            raise ValueError(
                "num_workers option should be non-negative; use num_workers=0 to disable "
                "multiprocessing."
            )
        if timeout < 0:
            raise ValueError("timeout option should be non-negative")
        if num_workers == 0 and prefetch_factor is not None:
            raise ValueError(
                "prefetch_factor option could only be specified in multiprocessing.let "
                "num_workers > 0 to enable multiprocessing, otherwise set prefetch_factor to None."
            )
        if prefetch_factor is not None and prefetch_factor < 0:
            raise ValueError("prefetch_factor option should be non-negative")
        if persistent_workers and num_workers == 0:
            raise ValueError("persistent_workers option needs num_workers > 0")
        if multiprocessing_context is not None:
            if num_workers == 0:
                raise ValueError(
                    "multiprocessing_context can only be used with multi-process loading "
                    f"(num_workers > 0), but got num_workers={num_workers}"
                )
            raise NotImplementedError(
                "multiprocessing_context is not supported: minitorch's workers are threads"
            )
        if pin_memory:
            warnings.warn(
                "'pin_memory' argument is set as true but no accelerator is found, then device "
                "pinned memory won't be used.",
                stacklevel=2,
            )
        self.dataset, self.num_workers, self.timeout = dataset, num_workers, timeout
        self.worker_init_fn, self.generator = worker_init_fn, generator
        self.pin_memory, self.pin_memory_device = pin_memory, pin_memory_device
        self.multiprocessing_context = None
        self.prefetch_factor = 2 if num_workers and prefetch_factor is None else prefetch_factor
        self.persistent_workers, self.in_order = persistent_workers, in_order
        self._streams = isinstance(dataset, IterableDataset)

        if self._streams:
            if shuffle not in (False, None):
                raise ValueError(
                    "DataLoader with IterableDataset: expected unspecified shuffle option, but got "
                    f"shuffle={shuffle}"
                )
            for name, value in (("sampler", sampler), ("batch_sampler", batch_sampler)):
                if value is not None:
                    raise ValueError(
                        f"DataLoader with IterableDataset: expected unspecified {name} option, but "
                        f"got {name}={value}"
                    )
        if sampler is not None and shuffle:
            raise ValueError("sampler option is mutually exclusive with shuffle")
        if batch_sampler is not None:
            if batch_size != 1 or shuffle or sampler is not None or drop_last:
                raise ValueError(
                    "batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, "
                    "and drop_last"
                )
            batch_size, drop_last = None, False
        elif batch_size is None and drop_last:
            raise ValueError(
                "batch_size=None option disables auto-batching and is mutually exclusive with "
                "drop_last"
            )
        if sampler is None:
            if self._streams:
                sampler = _InfiniteSampler()
            elif shuffle:
                sampler = RandomSampler(dataset, generator=generator)
            else:
                sampler = SequentialSampler(dataset)
        if batch_size is not None and batch_sampler is None:
            batch_sampler = BatchSampler(sampler, batch_size, drop_last)
        self.batch_size, self.drop_last = batch_size, drop_last
        self.sampler, self.batch_sampler = sampler, batch_sampler
        batched = batch_sampler is not None
        self.collate_fn = collate_fn or (default_collate if batched else default_convert)
        self._initialized = True

    def __setattr__(self, name: str, value: Any) -> None:
        fixed = ("batch_size", "batch_sampler", "sampler", "drop_last", "dataset")
        if self.__dict__.get("_initialized") and name in (*fixed, "persistent_workers"):
            raise ValueError(
                f"{name} attribute should not be set after {type(self).__name__} is initialized"
            )
        object.__setattr__(self, name, value)

    def __len__(self) -> int:
        if self._streams:
            n = len(self.dataset)
            if self.batch_size is None:
                return n
            return n // self.batch_size if self.drop_last else -(-n // self.batch_size)
        return len(self._indices())

    def _indices(self) -> Any:
        return self.sampler if self.batch_sampler is None else self.batch_sampler

    def __iter__(self) -> Iterator[Any]:
        # PyTorch draws this seed for every pass, with or without workers
        base_seed = random_seed(self.generator)
        if self.num_workers == 0:
            return _one_by_one(self)
        return _Workers(self, base_seed)


class _Fetcher:
    """Samples for a list of indices (or one index), collated."""

    def __init__(self, loader: DataLoader) -> None:
        self.dataset, self.collate = loader.dataset, loader.collate_fn
        self.batched = loader.batch_sampler is not None
        self.drop_last = loader.drop_last
        self.stream = iter(loader.dataset) if loader._streams else None

    def __call__(self, index: Any) -> Any:
        if self.stream is not None:
            return self._next(index)
        if not self.batched:
            return self.collate(self.dataset[index])
        if callable(getattr(self.dataset, "__getitems__", None)):
            return self.collate(self.dataset.__getitems__(index))
        return self.collate([self.dataset[i] for i in index])

    def _next(self, index: Any) -> Any:
        if not self.batched:
            return self.collate(next(self.stream))  # type: ignore[arg-type]
        samples = [s for _, s in zip(index, self.stream)]  # type: ignore[arg-type]
        if not samples or (self.drop_last and len(samples) < len(index)):
            raise StopIteration
        return self.collate(samples)


def _one_by_one(loader: DataLoader) -> Iterator[Any]:
    fetch = _Fetcher(loader)
    for index in loader._indices():
        try:
            batch = fetch(index)
        except StopIteration:  # a stream has ended
            return
        yield batch


class _Failure:
    """An exception on its way from a worker to the loop that waits for the batch."""

    def __init__(self, error: BaseException, worker: int) -> None:
        self.error, self.worker = error, worker

    def raise_again(self) -> None:
        kind = type(self.error).__name__
        message = f"Caught {kind} in DataLoader worker {self.worker}: {self.error}"
        try:
            again = type(self.error)(message)
        except TypeError:  # an exception class with other arguments
            again = RuntimeError(message)
        raise again from self.error


class _Workers:
    """Threads that load batches ahead of the loop, and hand them over in order."""

    def __init__(self, loader: DataLoader, base_seed: int) -> None:
        self.loader, n = loader, loader.num_workers
        self.indices = iter(loader._indices())
        self.asked = self.given = 0
        self.waiting: list[Any] = []
        self.ended: set[int] = set()  # workers whose stream has ended
        self.jobs: list[queue.SimpleQueue[Any]] = [queue.SimpleQueue() for _ in range(n)]
        self.done: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.ready: dict[int, Any] = {}
        for i in range(n):
            info = WorkerInfo(i, n, base_seed + i, loader.dataset)
            threading.Thread(
                target=_work, args=(loader, info, self.jobs[i], self.done), daemon=True
            ).start()
        for _ in range(n * max(loader.prefetch_factor or 1, 1)):
            self._ask()

    def _ask(self) -> None:
        """Give the next batch to the worker whose turn it is."""
        try:
            index = next(self.indices)
        except StopIteration:
            return
        self.jobs[self.asked % len(self.jobs)].put((self.asked, index))
        self.asked += 1

    def __iter__(self) -> _Workers:
        return self

    def __next__(self) -> Any:
        while True:
            if self.given >= self.asked:
                self._stop()
                raise StopIteration
            number, result = self._take()
            if result is _END:
                self.ended.add(number % len(self.jobs))
                if len(self.ended) < len(self.jobs):
                    self._ask()
                continue
            self._ask()
            if isinstance(result, _Failure):
                self._stop()
                result.raise_again()
            return result

    def _take(self) -> tuple[int, Any]:
        """The next result: the oldest one asked for, or (in_order=False) any."""
        wait = self.loader.timeout or None
        while self.loader.in_order and self.given not in self.ready or not self.ready:
            try:
                number, result = self.done.get(timeout=wait)
            except queue.Empty:
                self._stop()
                raise RuntimeError(
                    f"DataLoader timed out after {self.loader.timeout} seconds"
                ) from None
            self.ready[number] = result
        number = self.given if self.loader.in_order else next(iter(self.ready))
        self.given += 1
        return number, self.ready.pop(number)

    def __len__(self) -> int:
        return len(self.loader)

    def _stop(self) -> None:
        for jobs in self.jobs:
            jobs.put(None)

    def __del__(self) -> None:
        if hasattr(self, "done"):
            self._stop()


_END = object()


def _work(loader: DataLoader, info: WorkerInfo, jobs: Any, done: Any) -> None:
    """A worker: load what is asked for until told to stop."""
    fetch: Any = None
    while (job := jobs.get()) is not None:
        number, index = job
        try:
            if fetch is None:  # inside the try: whatever fails here must reach the loop, too
                _local.info = info
                random.use_in_this_thread(random.Generator().manual_seed(info.seed))
                if loader.worker_init_fn is not None:
                    loader.worker_init_fn(info.id)
                fetch = _Fetcher(loader)
            result = fetch(index)
        except StopIteration:
            result = _END
        except BaseException as error:
            result = _Failure(error, info.id)
        done.put((number, result))
