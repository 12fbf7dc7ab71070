# conctrace_add_test(NAME name COMMAND program [argument...]
#	[RUNS n] [TIMEOUT seconds] [WORKING_DIRECTORY folder]
#	[SARIF file] [JUNIT file] [OPTIONS option...])
#
# A test that runs the program under "conctrace run": it fails if the program does, and if a deadlock,
# a data race or the like is found. What is found is in the test's output.
#
#   COMMAND   a target, a program or a generator expression, and its arguments
#   RUNS      run it so often, each time with other pauses; the worst run counts
#   TIMEOUT   seconds that one run may take (300)
#   SARIF, JUNIT   also write these reports; relative to CMAKE_CURRENT_BINARY_DIR
#   OPTIONS   further ones of "conctrace run", such as --fail-on=potential
#
# It has the label "conctrace": ctest -L conctrace. Its trace is conctrace/<name> in
# CMAKE_CURRENT_BINARY_DIR, for "conctrace report".

set_property(GLOBAL PROPERTY CONCTRACE_EXECUTABLE "${CONCTRACE_EXECUTABLE}")

# The program that a target of that name builds, also if it is made only later; else the word itself.
function(_conctrace_program out word)
	if(word MATCHES "^[A-Za-z0-9_.+-]+(::[A-Za-z0-9_.+-]+)*$")
		set(is "$<TARGET_EXISTS:${word}>")
		set(word "$<${is}:$<TARGET_FILE:${word}>>$<$<NOT:${is}>:${word}>")
	endif()
	set(${out} "${word}" PARENT_SCOPE)
endfunction()

function(conctrace_add_test)
	cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;RUNS;TIMEOUT;WORKING_DIRECTORY;SARIF;JUNIT"
		"COMMAND;OPTIONS")
	if(arg_UNPARSED_ARGUMENTS OR NOT arg_NAME OR NOT arg_COMMAND)
		message(FATAL_ERROR "conctrace_add_test: NAME and COMMAND are wanted, and not understood:"
			" ${arg_UNPARSED_ARGUMENTS}")
	endif()
	if(NOT arg_TIMEOUT)
		set(arg_TIMEOUT 300)
	endif()
	if(NOT arg_WORKING_DIRECTORY)
		set(arg_WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
	endif()
	get_property(conctrace GLOBAL PROPERTY CONCTRACE_EXECUTABLE)
	string(REPLACE "/" "_" trace "${arg_NAME}")
	file(MAKE_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/conctrace")
	set(options --force "--output=${CMAKE_CURRENT_BINARY_DIR}/conctrace/${trace}"
		--timeout=${arg_TIMEOUT})
	set(runs 1)
	if(arg_RUNS)
		set(runs ${arg_RUNS})
		list(APPEND options --perturb=1 --runs=${runs})
	endif()
	foreach(report SARIF JUNIT)
		if(arg_${report})
			get_filename_component(file "${arg_${report}}" ABSOLUTE
				BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")
			string(TOLOWER ${report} option)
			list(APPEND options "--${option}=${file}")
		endif()
	endforeach()
	list(POP_FRONT arg_COMMAND program)
	_conctrace_program(program "${program}")
	add_test(NAME "${arg_NAME}" WORKING_DIRECTORY "${arg_WORKING_DIRECTORY}" COMMAND_EXPAND_LISTS
		COMMAND "${conctrace}" run ${options} ${arg_OPTIONS} -- "${program}" ${arg_COMMAND})
	# So long that conctrace, which can say why, ends the program before ctest does.
	math(EXPR limit "${runs} * (${arg_TIMEOUT} + 30)")
	set_tests_properties("${arg_NAME}" PROPERTIES LABELS conctrace TIMEOUT ${limit})
endfunction()
