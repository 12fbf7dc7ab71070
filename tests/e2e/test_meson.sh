# Meson's tests under conctrace: as a wrapper on the command line, and as a test setup of the project.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/installed.sh"
command -v meson >/dev/null || { echo "no meson"; exit 77; }

install_conctrace
PATH=$prefix/bin:$PATH
write_programs .
cat >meson.build <<'MESON'
project('user', 'c', default_options: ['buildtype=debug'])
threads = dependency('threads')
foreach name : ['right', 'stuck']
  test(name, executable(name, name + '.c', dependencies: threads), timeout: 60)
endforeach
conctrace = find_program('conctrace', required: false)
if conctrace.found()
  add_test_setup('conctrace', exe_wrapper: [conctrace, 'run', '--'])
endif
MESON
meson setup build >configured || fail "$(cat configured)"
meson compile -C build >built || fail "$(cat built)"

for way in "--wrapper=conctrace run --" --setup=conctrace; do
	expect 0 timeout 60 meson test -C build "$way" right
	expect 1 timeout 60 meson test -C build "$way" --print-errorlogs stuck
	has out 'error[self-deadlock]'
	has out 'stuck.c:6'
	has out 'exit status 66'
done
