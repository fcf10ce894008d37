"""A project's tests, run by its own pytest: collected once, then a child for each test file.

The file's fixtures, also those of the session that it uses, are set up and torn down in its child, before the leak check.
"""

import contextlib
import faulthandler
import functools
import inspect
import itertools
import os
import shutil
import sys
import tempfile
import traceback

# A test may replace this function.
from os import write
from unittest import TestCase

import pytest
from _pytest.runner import runtestprotocol
from cpython_memcheck_leaks import mark, mark_watch_failed
from cpython_memcheck_names import file_name, test_name
from cpython_memcheck_tests import TestChecks, forget_last_exception, pose_as
from cpython_memcheck_torture import torture_and_show, torture_child
from cpython_memcheck_worker import start_worker, watch_file

# Options of pytest and its plugins that would keep tests from being watched, or make two runs differ; set where the plugin is there.
OPTIONS = {
    # The whole file runs, whatever fails.
    "maxfail": 0,
    # Whatever failed the last time, too.
    **dict.fromkeys(("lf", "failedfirst", "newfirst", "stepwise", "stepwise_skip", "stepwise_reset"), False),
    # No person is there to debug.
    "usepdb": False,
    "trace": False,
    # xdist and forked: tests in processes that are not watched.
    "numprocesses": 0,
    "dist": "no",
    "tx": [],
    "forked": False,
    # cov: the time it takes, and a line of it for each of ours.
    "cov_source": [],
    # timeout: memcheck takes thirty times as long. The check has a limit of its own. Markers: pytest_timeout_set_timer.
    "timeout": 0,
    # randomly: the same order and seed every time.
    "randomly_seed": 1,
    # random-order: the same.
    "random_order_seed": "1",
    # benchmark: each runs once. With it, `only` is refused: pytest_sessionstart.
    "benchmark_disable": True,
    "benchmark_only": False,
}

MAX_ID = 300


def serve(options):
    worker = start_worker(options)

    def run_files(plugin, files):
        worker.say_ready(files=[{"name": name, "tests": len(items)} for name, items in files.items()])
        worker.serve(plugin.torture_file if options.torture else plugin.watch_file)

    run_pytest(options.args, run_files)


def torture_look(args, asked, test_id):
    name, *args = args

    def run_files(plugin, files):
        torture_and_show(Items(plugin), lambda: plugin.open_items(files[name]), asked, test_id)

    run_pytest(args, run_files)


def look(args, look_at):
    """ARGS are the file and pytest's arguments."""
    name, *args = args

    def run_files(plugin, files):
        look_at(functools.partial(plugin.run_all, files[name]))

    run_pytest(args, run_files)


def run_pytest(args, run_files):
    """Collects, then calls `run_files(plugin, files)` in place of pytest's own loop."""
    plugin = Plugin(run_files)
    pose_as(pytest, args)
    try:
        code = pytest.main(args, plugins=[plugin, Streams()])
    finally:
        plugin.remove_folder()
    # The check shows the end of the output.
    print(f"pytest ended with exit code {int(code)} before it ran a test.", flush=True)
    os._exit(1)


class Streams:
    @pytest.hookimpl(tryfirst=True)
    def pytest_load_initial_conftests(self, early_config):
        """Streams that are captured have descriptors, as with pytest's own choice of capture: tests give them to programs."""
        manager = early_config.pluginmanager.getplugin("capturemanager")
        capturing = manager and manager._global_capturing
        for number, name in (1, "out"), (2, "err"):
            if stream := getattr(getattr(capturing, name, None), "tmpfile", None):
                stream.fileno = functools.partial(int, number)


class NoChecks:
    def run(self, of, id):
        pass


class Plugin:
    def __init__(self, run_files):
        self.run_files, self.files = run_files, {}
        # Of what is collected, by pytest's id: a report has nothing else.
        self.names = {}
        # Why a file could not be collected, or only in part; and why it skipped itself while it was imported.
        self.broken, self.left_out = {}, {}
        self.ran, self.has_failed, self.running = 0, False, None
        # pytest's ids of tests that this process called: a plugin may have another one run a test, and only report it here.
        self.called, self.ran_elsewhere = set(), False
        # The number of tests that were begun, and what ended pytest's session early.
        self.started, self.stopped_by = 0, None
        # Whether the running test was called and not skipped. An id is no test: several may have the same, and a test may run again.
        self.has_run = False
        self.only_benchmarks = False
        self.checks, self.folder, self.owner = NoChecks(), None, os.getpid()
        # For torture: the call of a test's function, and the record of its outcome.
        self.call_method = self.outcome = None

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_load_initial_conftests(self, early_config):
        set_options(early_config.known_args_namespace)
        yield

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config):
        self.only_benchmarks = getattr(config.option, "benchmark_only", False)
        set_options(config.option)
        # Each child starts with a new one: numbered ones would stay behind for days.
        self.folder = tempfile.mkdtemp(prefix="pytest-")
        config.option.basetemp = f"{self.folder}/tmp"

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session):
        plugins = session.config.pluginmanager
        if self.only_benchmarks:
            session.config._benchmarksession.only = True
        # Its handler stays; this is its time limit, which can end the process.
        if plugins.hasplugin("faulthandler"):
            plugins.unregister(name="faulthandler")
        # By now conftest.py and --hypothesis-profile have selected their profile; test files use it when they are imported.
        if plugins.hasplugin("hypothesispytest"):
            draw_the_same_examples()

    def pytest_collectstart(self, collector):
        self.names[collector.nodeid] = file_of(collector)

    def pytest_collectreport(self, report):
        name = self.names.get(report.nodeid, report.nodeid)
        if report.failed:
            self.broken[name] = report.longreprtext
        elif report.skipped:
            # The path, the line and the reason.
            self.left_out[name] = str(report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        if session.config.option.collectonly:
            return
        self.files = {name: [] for name in self.broken}
        for item in session.items:
            self.files.setdefault(file_of(item), []).append(item)
        # Like a file of which all tests are skipped.
        for name in self.left_out:
            self.files.setdefault(name, [])
        self.run_files(self, self.files)
        self.remove_folder()
        os._exit(0)

    def watch_file(self, name, references, options):
        use_log()
        watch_file(options, functools.partial(self.run_file, options, name))
        self.remove_folder()
        if self.stopped_by is not None:
            # Like a test that ends its process.
            planned = len(self.files[name])
            raise RuntimeError(f"{planned - self.started} of {planned} tests did not run: {self.stopped_by}")

    def torture_file(self, name, references, options):
        use_log()
        if name in self.broken:
            show(self.broken[name])
        torture_child(options, Items(self), lambda: self.open_items(self.files[name]), name in self.broken)

    def run_file(self, options, name, check):
        self.checks = TestChecks(options, check)
        os.register_at_fork(after_in_child=self.mark_again)
        if name in self.broken:
            self.has_failed = True
            show(self.broken[name])
        if name in self.left_out:
            show(self.left_out[name])
        try:
            # Called from C: references on the evaluation loop's own stack are gone when it returns.
            functools.partial(self.run_items, self.files[name])()
        except BaseException as error:
            # pytest.exit(), an interrupt, or a hook's error.
            self.has_failed, self.stopped_by = True, f"{type(error).__name__}: {error}"
            show(traceback.format_exc())
        forget_last_exception()
        if self.ran_elsewhere and not self.ran:
            mark_watch_failed("tests-in-other-processes")
        state = "FAILED" if self.has_failed else "PASSED" if self.ran else "SKIPPED"
        return {"state": state, "ran": self.ran}

    @contextlib.contextmanager
    def open_items(self, items):
        yield items
        self.remove_folder()

    def run_all(self, items):
        # Called from C: references on the evaluation loop's own stack are gone when it returns.
        functools.partial(self.run_items, items)()
        self.remove_folder()

    def run_items(self, items):
        for item, following in itertools.zip_longest(items, items[1:]):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item, nextitem):
        self.running = id_of(item)
        self.started, self.has_run = self.started + 1, False
        mark("test-start", id=self.running)
        yield
        self.ran += self.has_run
        # Or what it lost would be found after a later test, or never.
        forget_last_exception()
        release_instance(item)
        self.checks.run("test", self.running)
        group = group_of(item)
        if nextitem is None or group_of(nextitem) is not group:
            self.checks.run("class", id_of(group))
        mark("test-stop", id=self.running)
        self.running = None

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item):
        self.called.add(item.nodeid)
        if self.call_method is None or not hasattr(item, "obj"):
            yield
            return
        function, (owner, name) = item.obj, caller_of(item)
        own = getattr(owner, name)
        setattr(owner, name, functools.wraps(own)(lambda *args, **kwargs: self.call_method(functools.partial(own, *args, **kwargs))))
        yield
        # A plugin may have replaced it for good.
        item.obj = function
        if name != "obj":
            delattr(owner, name)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item, call):
        # The exception of a unittest.TestCase is only there after pytest's own hook.
        yield
        if self.outcome is not None:
            self.outcome.testsRun += call.when == "call"
            if call.excinfo is not None:
                self.outcome.take(call.excinfo.value)

    @pytest.hookimpl(tryfirst=True, optionalhook=True)
    def pytest_timeout_set_timer(self, item, settings):
        """For the limits of markers, instead of pytest-timeout's own."""
        return True

    def mark_again(self):
        # A process that a test forks writes a separate report, and its errors are that test's.
        if self.running is not None:
            mark("test-start", id=self.running)

    def pytest_runtest_logreport(self, report):
        # For pytest, a test that fails as expected is skipped.
        if report.when == "call" and (not report.skipped or hasattr(report, "wasxfail")):
            if report.nodeid in self.called:
                self.has_run = True
            else:
                self.ran_elsewhere = True
        if report.failed:
            self.has_failed = True
            show(f"\n{self.running or report.nodeid} failed ({report.when}):\n{report.longreprtext}")

    def remove_folder(self):
        # Not in a child of the worker, which others follow, or of a test.
        if self.folder and os.getpid() == self.owner:
            shutil.rmtree(self.folder, ignore_errors=True)


class Items:
    """Tests of pytest, for torture (as `Cases`)."""

    def __init__(self, plugin):
        self.plugin = plugin

    @staticmethod
    def id_of(item):
        return id_of(item)

    def run(self, items, turns, outcome):
        self.plugin.outcome = outcome
        for turn, (item, following) in enumerate(itertools.zip_longest(items, items[1:])):
            turns.before(turn)
            self.plugin.call_method = functools.partial(turns.call, turn)
            # A function's fixtures are created again each time.
            if hasattr(item, "_initrequest"):
                item._initrequest()
            # If the next item is the same, pytest would not tear it down, and would not create its fixtures for the next call.
            runtestprotocol(item, nextitem=item.parent if following is item else following, log=False)
            forget_last_exception()
            turns.after(turn)


def show(text):
    """In the log. A stream may be closed, or unable to encode the text: then pytest would run no more tests."""
    with contextlib.suppress(Exception):
        sys.stdout.flush()
    data = f"{text}\n".encode(errors="backslashreplace")
    while data:
        data = data[write(1, data) :]


def set_options(namespace):
    for name, value in OPTIONS.items():
        if hasattr(namespace, name):
            setattr(namespace, name, value)
    # Its copies of descriptors 1 and 2 would lead past the log of the file, and what a crash writes would be lost.
    if getattr(namespace, "capture", None) == "fd":
        namespace.capture = "sys"


def use_log():
    """In a child. pytest's own copy of descriptor 2 leads to the log of the worker."""
    if faulthandler.is_enabled():
        faulthandler.enable(file=2)


def draw_the_same_examples():
    """hypothesis: the same examples on both sides of a comparison, however long they take."""
    from hypothesis import HealthCheck, settings

    now = settings()
    checks = {*now.suppress_health_check, HealthCheck.too_slow}
    same = {"derandomize": True, "database": None, "deadline": None, "suppress_health_check": list(checks)}
    settings.register_profile("cpython-memcheck", parent=now, **same)
    settings.load_profile("cpython-memcheck")


def caller_of(item):
    """(object, name of its method) that calls the test's function, and has it done when it returns."""
    if not inspect.iscoroutinefunction(item.obj):
        return item, "obj"
    case = getattr(item.obj, "__self__", None)
    # A coroutine does nothing before it is awaited: by unittest, or by a plugin.
    return (case, "_callTestMethod") if isinstance(case, TestCase) else (item, "runtest")


def file_of(node):
    return file_name(path_of(node), node.nodeid, node.config.invocation_params.dir)


def id_of(node):
    return test_name(path_of(node), node.nodeid, node.config.invocation_params.dir)[:MAX_ID]


def path_of(node):
    # Before pytest 7 there was no other.
    return getattr(node, "path", None) or node.fspath


def release_instance(item):
    """pytest keeps the instance of a class on which it called a method, and so what the test has stored there, for as long as the item."""
    if isinstance(item, pytest.Function) and item.getparent(pytest.Class):
        # It makes a new one where it needs one, as after a unittest.TestCase.
        item._obj = None
        vars(item).pop("_instance", None)


def group_of(item):
    return item.getparent(pytest.Class) or item.parent
