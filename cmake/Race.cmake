# The folder that programs are linked with so that their memory accesses can be recorded: beside
# libconctrace.so, in the build tree as where it is installed.
#
#   libconctrace-race.a    the stub, preload/access
#   wraps                  linker options: calls of memcpy and the like lead to the stub
#   builtins               compiler options: and are calls, not code of the compiler's own
#   include                before libstdc++'s headers: cmake/race
#   libtsan.a, libtsan_preinit.o   empty: gcc -fsanitize=thread links files of these names

set(CT_RACE_FOLDER ${PROJECT_BINARY_DIR}/preload/conctrace)
file(CONFIGURE OUTPUT ${CT_RACE_FOLDER}/libtsan.a CONTENT "!<arch>\n" @ONLY)

file(COPY ${PROJECT_SOURCE_DIR}/cmake/race/ DESTINATION ${CT_RACE_FOLDER}/include)

set(nothing ${PROJECT_BINARY_DIR}/preload/nothing.c)
file(CONFIGURE OUTPUT ${nothing} CONTENT "typedef int nothing;\n" @ONLY)
add_library(conctrace_race_nothing OBJECT ${nothing})
target_compile_options(conctrace_race_nothing PRIVATE -g0 -fPIC -fno-lto)
add_custom_command(OUTPUT ${CT_RACE_FOLDER}/libtsan_preinit.o VERBATIM
	DEPENDS conctrace_race_nothing $<TARGET_OBJECTS:conctrace_race_nothing>
	COMMAND ${CMAKE_COMMAND} -E copy $<TARGET_OBJECTS:conctrace_race_nothing>
		${CT_RACE_FOLDER}/libtsan_preinit.o)

# From what the stub has, so that neither can name more: its functions __wrap_NAME. Those of libc's
# functions are linked in any case: compilers put static libraries that call memcpy behind everything
# else (libgcov.a). The others need libraries that a program in C need not have.
set_target_properties(conctrace_race PROPERTIES
	OUTPUT_NAME conctrace-race ARCHIVE_OUTPUT_DIRECTORY ${CT_RACE_FOLDER})
set(list "\"${CMAKE_NM}\" --defined-only \"$<TARGET_FILE:conctrace_race>\" | sed -n")
set(wraps "\"${CT_RACE_FOLDER}/wraps\"")
set(own "/ __wrap_strlen$\\|__wrap___atomic_/!") # programs have strlen in constants
set(libc "/ __wrap___cxa_\\|__wrap___atomic_/!")
add_custom_command(OUTPUT ${CT_RACE_FOLDER}/wraps VERBATIM DEPENDS conctrace_race
	COMMAND sh -c "${list} 's/.* T __wrap_/--wrap=/p' >${wraps}"
	COMMAND sh -c "${list} '${libc}s/.* T __wrap_/--undefined=__wrap_/p' >>${wraps}")
add_custom_command(OUTPUT ${CT_RACE_FOLDER}/builtins VERBATIM DEPENDS conctrace_race
	COMMAND sh -c "${list} '${own}s/.* T __wrap_/-fno-builtin-/p' >\"${CT_RACE_FOLDER}/builtins\"")
add_custom_target(conctrace_race_folder ALL DEPENDS
	${CT_RACE_FOLDER}/libtsan_preinit.o ${CT_RACE_FOLDER}/wraps ${CT_RACE_FOLDER}/builtins)
if(TARGET conctrace)
	add_dependencies(conctrace conctrace_race_folder)
endif()

# CT_RACE_<compiler>_<place>: the options of cc_flags.def, as a list; "%s" stands for the folder.
set(CT_RACE_FLAGS ${PROJECT_SOURCE_DIR}/analyzer/cli/cc_flags.def)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CT_RACE_FLAGS})
file(STRINGS ${CT_RACE_FLAGS} rows REGEX "^FLAG\\(")
foreach(row IN LISTS rows)
	if(NOT row MATCHES "^FLAG\\(([A-Z]+), *([A-Z]+), *\"([^\"]+)\"\\)")
		message(FATAL_ERROR "${CT_RACE_FLAGS}: not understood: ${row}")
	endif()
	foreach(compiler GCC CLANG)
		if(CMAKE_MATCH_1 STREQUAL compiler OR CMAKE_MATCH_1 STREQUAL "ANY")
			list(APPEND CT_RACE_${compiler}_${CMAKE_MATCH_2} "${CMAKE_MATCH_3}")
		endif()
	endforeach()
endforeach()
# CMake names the stub by its path, and takes the rest of what is linked, which must be the same.
set(CT_RACE_LINK ${CT_RACE_GCC_LINK})
if(NOT CT_RACE_LINK STREQUAL CT_RACE_CLANG_LINK)
	message(FATAL_ERROR "${CT_RACE_FLAGS}: gcc and clang link differently: see Install.cmake")
endif()
list(REMOVE_ITEM CT_RACE_LINK -lconctrace-race)
