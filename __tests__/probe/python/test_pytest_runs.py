"""A project's tests under pytest, from the worker that collects them to the end of each file."""

import os
import subprocess
import sys
import unittest

from support import HERE, PROBE  # isort: skip
from suite_worker import SuiteTest


class CountTest(SuiteTest):
    def test_tests_count_that_are_called_also_those_that_are_expected_to_fail(self):
        self.write(
            "test_x.py",
            "import pytest\n"
            "def test_passes(): pass\n"
            "def test_fails(): assert False\n"
            "@pytest.mark.xfail\n"
            "def test_expected(): assert False\n"
            "@pytest.mark.xfail\n"
            "def test_unexpected(): pass\n"
            "@pytest.mark.xfail(run=False)\n"
            "def test_not_called(): pass\n"
            "def test_skipped(): pytest.skip()\n",
        )
        self.write("test_y.py", "import pytest\n@pytest.mark.xfail\ndef test_expected(): assert False\n")
        runs = self.serve()
        self.assertEqual({name: run.stop for name, run in runs.items()}, {"test_x.py": ("FAILED", 4), "test_y.py": ("PASSED", 1)})

    def test_tests_with_the_same_id_count_each(self):
        self.write(
            "conftest.py",
            "import pytest\n"
            "class Item(pytest.Item):\n"
            "    def runtest(self): pass\n"
            "class File(pytest.File):\n"
            "    def collect(self): return [Item.from_parent(self, name='same') for _ in range(3)]\n"
            "def pytest_collect_file(parent, file_path):\n"
            "    return File.from_parent(parent, path=file_path) if file_path.suffix == '.yaml' else None\n",
        )
        self.write("cases.yaml", "")
        [run] = self.serve().values()
        self.assertEqual((run.stop, len(run.started)), (("PASSED", 3), 3))

    def test_a_file_that_skips_itself_while_it_is_imported_is_listed_as_skipped(self):
        self.write("test_x.py", "import pytest\npytest.importorskip('there_is_no_such_module')\ndef test_1(): pass\n")
        self.write("test_y.py", "def test_1(): pass\n")
        runs = self.serve()
        self.assertEqual({name: run.stop for name, run in runs.items()}, {"test_y.py": ("PASSED", 1), "test_x.py": ("SKIPPED", 0)})
        self.assertIn("could not import 'there_is_no_such_module'", runs["test_x.py"].log)

    def test_a_session_that_a_test_ends_is_not_complete(self):
        for reason in ("pytest.exit('on purpose')", "raise KeyboardInterrupt('on purpose')"):
            with self.subTest(reason):
                self.write("test_x.py", f"import pytest\ndef test_1(): pass\ndef test_2(): {reason}\ndef test_3(): pass\n")
                [run] = self.serve("-p", "no:randomly").values()
                self.assertEqual((run.exit, run.stop[0], len(run.started)), (70, "FAILED", 2))
                # What the tests lost so far is reported nevertheless.
                self.assertEqual(run.marks[-1]["of"], "file")
                self.assertIn("1 of 3 tests did not run: ", run.log)
                self.assertIn("on purpose", run.log)

    def test_an_error_of_a_hook_ends_no_file_silently(self):
        self.write("conftest.py", "def pytest_runtest_logfinish(nodeid): assert 'test_1' not in nodeid\n")
        self.write("test_x.py", "def test_1(): pass\ndef test_2(): pass\n")
        [run] = self.serve("-p", "no:randomly").values()
        self.assertEqual((run.exit, len(run.started)), (70, 1))

    def test_a_reason_that_cannot_be_encoded_ends_no_file(self):
        self.variables["PYTHONIOENCODING"] = "ascii:strict"
        self.write("test_x.py", "def test_1(): raise ValueError('\\udc80 \\u20ac')\ndef test_2(): pass\n")
        self.write("test_y.py", "raise ValueError('\\udc80 \\u20ac')\n")
        runs = self.serve("-p", "no:randomly", "-p", "no:terminal")
        self.assertEqual(
            {name: (run.exit, run.stop) for name, run in runs.items()}, {"test_y.py": (0, ("FAILED", 0)), "test_x.py": (0, ("FAILED", 2))}
        )
        self.assertIn("ValueError: \\udc80 ", runs["test_x.py"].log)
        self.assertIn("ValueError: \\udc80 ", runs["test_y.py"].log)


class ReleaseTest(SuiteTest):
    def test_nothing_of_a_test_is_alive_when_its_leaks_are_looked_for(self):
        self.write(
            "test_x.py",
            "import cpython_memcheck_probe as probe, os, pytest, unittest, weakref\n"
            "class Thing: pass\n"
            "made = []\n"
            "def make():\n"
            "    made.append(weakref.ref(thing := Thing()))\n"
            "    return thing\n"
            "probe.added_leaks = lambda *args: os.write(1, b'\\nalive: %d\\n' % sum(one() is not None for one in made))\n"
            "@pytest.fixture\n"
            "def given(): yield make()\n"
            "def test_function(given): pass\n"
            "@pytest.mark.xfail\n"
            "def test_expected():\n"
            "    thing = make()\n"
            "    raise ValueError(thing)\n"
            "class TestMethods:\n"
            "    def setup_method(self): self.thing = make()\n"
            "    def test_method(self): self.other = make()\n"
            "    @pytest.mark.parametrize('number', [1, 2])\n"
            "    def test_number(self, number, given): self.other = given\n"
            "class Test(unittest.TestCase):\n"
            "    def setUp(self): self.thing = make()\n"
            "    def test_case(self): pass\n",
        )
        for per, looks in ("file", 1), ("test", 7):
            with self.subTest(per):
                [run] = self.serve("-p", "no:randomly", options=("--leak-check-per", per)).values()
                self.assertEqual(run.stop, ("PASSED", 6), run.log)
                # One more before the first test.
                alive = [line for line in run.log.splitlines() if line.startswith("alive: ")]
                self.assertEqual(alive, ["alive: 0"] * (1 + looks))


class OptionTest(SuiteTest):
    def test_captured_streams_have_descriptors_which_lead_to_the_log(self):
        self.write("conftest.py", "import faulthandler\nfaulthandler.enable()\n")
        self.write(
            "test_x.py",
            "import faulthandler, os, subprocess, sys\n"
            "def test_program(): subprocess.run(['echo', 'said by a program'], stdout=sys.stdout, check=True)\n"
            "def test_descriptor(): os.write(sys.stderr.fileno(), b'said to a descriptor\\n')\n"
            "def test_traceback(): faulthandler.dump_traceback()\n"
            "def test_fixtures(capsys, capfd): pass\n"
            "def test_capsys(capsys): print('x'); assert capsys.readouterr().out == 'x\\n'\n"
            "def test_capfd(capfd): os.write(1, b'x'); assert capfd.readouterr().out == 'x'\n"
            "def test_stream(): print('said to a stream')\n",
        )
        for args in ([], ["--capture=fd"], ["--capture=sys"], ["-s"]):
            with self.subTest(args):
                [run] = self.serve("--deselect", "test_x.py::test_fixtures", *args).values()
                self.assertEqual(run.stop, ("PASSED", 6), run.log)
                for said in ("said by a program", "said to a descriptor", "in test_traceback"):
                    self.assertIn(said, run.log)
                self.assertEqual("said to a stream" in run.log, args == ["-s"])

    def test_the_traceback_of_a_crash_is_in_the_log(self):
        self.write("test_x.py", "import os, signal\ndef test_crash(): os.kill(os.getpid(), signal.SIGSEGV)\n")
        [run] = self.serve().values()
        self.assertEqual((run.exit, run.stop), (None, None))
        self.assertIn("in test_crash", run.log)

    def test_time_limits_are_turned_off_also_those_of_markers_and_of_faulthandler(self):
        self.write("pytest.ini", "[pytest]\nfaulthandler_timeout = 0.05\nfaulthandler_exit_on_timeout = true\n")
        # As pytest-timeout does it.
        self.write("limits.py", "import pytest\n@pytest.hookspec(firstresult=True)\ndef pytest_timeout_set_timer(item, settings): pass\n")
        self.write(
            "conftest.py",
            "import limits\n"
            "def pytest_addhooks(pluginmanager): pluginmanager.add_hookspecs(limits)\n"
            "def pytest_timeout_set_timer(item, settings): raise AssertionError('a limit')\n"
            "def pytest_runtest_setup(item): item.ihook.pytest_timeout_set_timer(item=item, settings=None)\n",
        )
        self.write("test_x.py", "import time\ndef test_1(): time.sleep(0.2)\n")
        [run] = self.serve().values()
        self.assertEqual((run.stop, "Timeout" in run.log), (("PASSED", 1), False), run.log)

    def test_all_tests_run_whatever_failed_the_last_time(self):
        self.write("test_x.py", "def test_1(): pass\ndef test_2(): assert False\ndef test_3(): pass\n")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "--sw"]
        self.assertEqual(subprocess.run(command, cwd=self.folder, stdout=subprocess.DEVNULL).returncode, 2)
        for args in (["--lf"], ["--ff"], ["--nf"], ["--sw"], ["--sw-skip"], ["-x"], ["--maxfail=1"], ["--pdb"], ["--trace"]):
            with self.subTest(args):
                [run] = self.serve("-p", "no:randomly", *args).values()
                self.assertEqual([id.partition("::")[2] for id in run.started], ["test_1", "test_2", "test_3"])
                self.assertEqual(run.stop, ("FAILED", 3))

    def test_benchmarks_run_once_also_if_nothing_else_runs(self):
        # As pytest-benchmark does it.
        self.write(
            "conftest.py",
            "import pytest, types\n"
            "def pytest_addoption(parser):\n"
            "    for name in ('only', 'disable'): parser.addoption(f'--benchmark-{name}', action='store_true', dest=f'benchmark_{name}')\n"
            "@pytest.hookimpl(trylast=True)\n"
            "def pytest_configure(config):\n"
            "    if config.option.benchmark_only and config.option.benchmark_disable: raise pytest.UsageError('not both')\n"
            "    config._benchmarksession = types.SimpleNamespace(only=config.option.benchmark_only)\n"
            "def pytest_runtest_setup(item):\n"
            "    if item.config._benchmarksession.only and 'benchmark' not in item.name: pytest.skip()\n",
        )
        self.write("test_x.py", "def test_benchmark(): pass\ndef test_other(): pass\n")
        [run] = self.serve("-p", "no:benchmark", "--benchmark-only").values()
        self.assertEqual(run.stop, ("PASSED", 1))


class ProcessTest(SuiteTest):
    def test_processes_and_modules_of_the_tests_do_not_see_the_runner(self):
        code = (
            "import multiprocessing, os, sys, unittest\n"
            "def say(name): return name, getattr(sys.modules['__mp_main__'], '__file__', None)\n"
            "def paths(): return [path for path in sys.path if os.path.exists(os.path.join(path, 'runner.py'))]\n"
            "class Test(unittest.TestCase):\n"
            "    def test_spawn(self):\n"
            "        with multiprocessing.get_context('spawn').Pool(1) as pool:\n"
            "            self.assertEqual(pool.map(say, ['x']), [('x', None)])\n"
            "    def test_path(self): self.assertEqual(paths(), [])\n"
            "    def test_program(self):\n"
            "        self.assertRegex(sys.modules['__main__'].__spec__.name, '^(pytest|unittest).__main__$')\n"
            "        program = os.path.basename(sys.executable) + ' -m unittest'\n"
            "        self.assertIn(sys.argv[0], [sys.modules['__main__'].__file__, program])\n"
        )
        self.write("test_x.py", code)
        for suite in ("pytest", "unittest"):
            with self.subTest(suite):
                [run] = self.serve("test_x.py", suite=suite).values()
                self.assertEqual(run.stop, ("PASSED", 3), run.log)

    def test_no_temporary_folder_stays_behind(self):
        self.write("test_x.py", "def test_1(tmp_path): assert tmp_path.is_dir()\n")
        for options in ([], ["--no-fork"]):
            with self.subTest(options):
                [run] = self.serve(options=options).values()
                self.assertEqual((run.stop, os.listdir(self.scratch)), (("PASSED", 1), []))

    def test_a_look_leaves_no_temporary_folder_behind(self):
        self.write("test_x.py", "def test_1(tmp_path): assert tmp_path.is_dir()\n")
        for more in (["--torture", "{}"], []):
            with self.subTest(more):
                command = [sys.executable, f"{PROBE}/runner.py", "look", *more, "--suite", "pytest", "test_x.py"]
                ended = subprocess.run(command, cwd=self.folder, env=self.environment(self.folder), capture_output=True, text=True)
                self.assertEqual((ended.returncode, os.listdir(self.scratch)), (0, []), ended.stdout + ended.stderr)


class TortureTest(SuiteTest):
    def test_what_a_test_awaits_is_part_of_its_call(self):
        self.write(
            "conftest.py",
            "import asyncio, inspect, pytest\n"
            # As plugins do it.
            "@pytest.hookimpl(tryfirst=True)\n"
            "def pytest_pyfunc_call(pyfuncitem):\n"
            "    if inspect.iscoroutinefunction(pyfuncitem.obj):\n"
            "        asyncio.run(pyfuncitem.obj())\n"
            "        return True\n",
        )
        self.write(
            "test_x.py",
            "import unittest\n"
            "def test_plain(): print('test_plain is called')\n"
            "async def test_function(): print('test_function is called')\n"
            "class Test(unittest.IsolatedAsyncioTestCase):\n"
            "    async def test_method(self): print('test_method is called')\n"
            "class TestPlain(unittest.TestCase):\n"
            "    def test_case(self): print('test_case is called')\n",
        )
        # Each test twice, as torture does; prints what happens, and whether it happens in the call.
        code = (
            "import os, sys\n"
            f"sys.path[:0] = [{HERE!r}, {PROBE!r}]\n"
            "import cpython_memcheck_pytest as own\n"
            "from cpython_memcheck_torture_turns import run_test\n"
            "def call(method):\n"
            "    print('begin')\n"
            "    try: return method()\n"
            "    finally: print('end')\n"
            "def run_files(plugin, files):\n"
            "    passed = [run_test(own.Items(plugin), item, call)[0].has_passed for item in files['test_x.py'] for _ in range(2)]\n"
            "    print(passed, flush=True)\n"
            "    os._exit(0)\n"
            "own.run_pytest(['-s', '-p', 'no:terminal', '-p', 'no:randomly'], run_files)\n"
        )
        ended = subprocess.run(
            [sys.executable, "-c", code], cwd=self.folder, env=self.environment(self.folder), capture_output=True, text=True
        )
        expected = []
        for name in ("test_plain", "test_function", "test_method", "test_case"):
            expected += ["begin", f"{name} is called", "end"] * 2
        self.assertEqual(ended.stdout.splitlines(), [*expected, str([True] * 8)], ended.stderr)


if __name__ == "__main__":
    unittest.main()
