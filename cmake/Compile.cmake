# How everything here is compiled, and the functions that the folders use.

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_compile_definitions($<$<COMPILE_LANGUAGE:C>:_GNU_SOURCE>)
add_compile_options(
	$<$<COMPILE_LANGUAGE:C,CXX>:-Wall>
	$<$<COMPILE_LANGUAGE:C,CXX>:-Wextra>
	$<$<AND:$<BOOL:${CT_WERROR}>,$<COMPILE_LANGUAGE:C,CXX>>:-Werror>)

# The warnings of our own code; programs made for tests have -Wall -Wextra only.
function(ct_warnings target)
	target_compile_options(${target} PRIVATE
		$<$<COMPILE_LANGUAGE:C,CXX>:-Wpedantic>
		$<$<COMPILE_LANGUAGE:C,CXX>:-Wshadow>
		$<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes>
		$<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes>)
endfunction()

# Folders for #include "folder/file.h". Not -I: preload/sys would then stand before <sys/...>.
function(ct_include_roots target)
	foreach(root IN LISTS ARGN)
		target_compile_options(${target} PUBLIC "SHELL:-iquote ${PROJECT_SOURCE_DIR}/${root}")
	endforeach()
endfunction()

# Sanitizers, fuzzing and coverage. For the analyzer and for unit tests; never for what runs inside
# a traced program.
function(ct_sanitize target)
	set(flags "")
	if(CT_SANITIZE)
		list(APPEND flags -fsanitize=${CT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
	endif()
	if(CT_FUZZ)
		list(APPEND flags -fsanitize=fuzzer-no-link,address -fno-omit-frame-pointer)
	endif()
	if(CT_COVERAGE)
		list(APPEND flags --coverage)
	endif()
	target_compile_options(${target} PRIVATE ${flags})
	target_link_options(${target} PRIVATE ${flags})
endfunction()

# Programs that are traced, as a student would build them: no optimisation, debug information.
function(ct_program target name folder)
	set_target_properties(${target} PROPERTIES OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${folder})
	target_compile_options(${target} PRIVATE -g -O0)
	target_link_libraries(${target} PRIVATE Threads::Threads m)
endfunction()
