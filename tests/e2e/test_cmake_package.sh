# A CMake project that finds the installed package: conctrace_add_test, and a plain add_test.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/installed.sh"

install_conctrace
mkdir -p user/sub
write_programs user
cat >user/CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.22)
project(user LANGUAGES C)
enable_testing()
add_subdirectory(sub) # finds the package: functions are known everywhere from then on
conctrace_add_test(NAME early COMMAND right) # before the target is there
find_package(conctrace REQUIRED) # its variables are not
find_package(Threads REQUIRED)
foreach(name right stuck)
	add_executable(${name} ${name}.c)
	target_link_libraries(${name} Threads::Threads)
endforeach()
conctrace_add_test(NAME stuck COMMAND stuck SARIF stuck.sarif JUNIT ${CMAKE_BINARY_DIR}/stuck.xml)
conctrace_add_test(NAME stuck/file COMMAND $<TARGET_FILE:stuck> OPTIONS --error-exitcode=0)
conctrace_add_test(NAME slow COMMAND right --slow TIMEOUT 1)
conctrace_add_test(NAME shell COMMAND sh -c "test \"$1\" = 'a b'" sh "a b" RUNS 2)
conctrace_add_test(NAME fails COMMAND sh -c "exit 3")
set_tests_properties(fails PROPERTIES WILL_FAIL ON)
set_property(TEST fails APPEND PROPERTY LABELS mine)
add_test(NAME plain COMMAND ${CONCTRACE_EXECUTABLE} run -q --force -o plain -- $<TARGET_FILE:stuck>)
CMAKE
echo 'find_package(conctrace REQUIRED)' >user/sub/CMakeLists.txt

cmake -S user -B build -DCMAKE_BUILD_TYPE=Debug -DCMAKE_PREFIX_PATH="$prefix" >configured || fail "$(tail configured)"
cmake --build build >built || fail "$(tail built)"
cd build

# test NAME: its status is `passed`, its output in the file `out`
of_test() {
	status=0
	timeout 60 ctest -R "^$1\$" --verbose >out 2>&1 || status=$?
	grep -q '1 tests failed out of 1\|0 tests failed out of 1' out || fail "$1: $(cat out)"
}
passes() {
	of_test "$1"
	[ "$status" = 0 ] || fail "$1 does not pass: $(cat out)"
}
fails() {
	of_test "$1"
	[ "$status" = 8 ] || fail "$1 passes: $(cat out)"
}

passes early
has out 'no deadlock, lock-order problem or misuse found'
fails stuck
has out 'error[self-deadlock]'
has out 'stuck.c:6'
has stuck.sarif '"self-deadlock"'
has stuck.xml '<failure'
fails stuck # also when its trace is there already
has out 'error[self-deadlock]'
"$prefix/bin/conctrace" report conctrace/stuck >again || true
has again 'error[self-deadlock]'
passes stuck/file
has out 'error[self-deadlock]'
fails slow
has out 'the time limit'
lacks out '***Timeout'
passes shell
has out '2 runs'
passes fails
has out 'exited with status 3'
fails plain
ctest -N -L '^conctrace$' >labelled
has labelled 'Total Tests: 6'
ctest -N -L '^mine$' >labelled
has labelled 'Total Tests: 1'

# What is asked for wrongly is said.
echo 'conctrace_add_test(NAME x COMAND y)' >>../user/CMakeLists.txt
expect 1 cmake .
has err 'NAME and COMMAND are wanted'

# All tests of a project, none of which names conctrace.
mkdir ../other
cd ../other
write_programs .
cat >CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.22)
project(other LANGUAGES C)
enable_testing()
foreach(name right stuck)
	add_executable(${name} ${name}.c)
	add_test(NAME ${name} COMMAND ${name})
endforeach()
CMAKE
cmake -S . -B build "-DCMAKE_CROSSCOMPILING_EMULATOR=$prefix/bin/conctrace;run;--" \
	-DCMAKE_C_FLAGS=-pthread >configured
cmake --build build >built
cd build
passes right
fails stuck
has out 'error[self-deadlock]'
