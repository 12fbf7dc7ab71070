# What `cmake --install` puts where; everything in it can be moved with its prefix.

include(CMakePackageConfigHelpers)

install(TARGETS conctrace_preload LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(TARGET conctrace)
	install(TARGETS conctrace RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(FILES ${PROJECT_SOURCE_DIR}/preload/conctrace.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${PROJECT_SOURCE_DIR}/docs/schema/report-1.json
	DESTINATION ${CMAKE_INSTALL_DATADIR}/conctrace/schema)
foreach(page LICENSE README.md)
	if(EXISTS ${PROJECT_SOURCE_DIR}/${page})
		install(FILES ${PROJECT_SOURCE_DIR}/${page} DESTINATION ${CMAKE_INSTALL_DOCDIR})
	endif()
endforeach()

# Man pages: docs/man/NAME.SECTION.scd
file(GLOB pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/man/*.scd)
find_program(CT_SCDOC scdoc)
if(pages AND CT_SCDOC)
	set(manuals "")
	foreach(page IN LISTS pages)
		get_filename_component(name ${page} NAME_WLE)
		string(REGEX REPLACE ".*\\." "" section ${name})
		set(manual ${PROJECT_BINARY_DIR}/man/${name})
		add_custom_command(OUTPUT ${manual} DEPENDS ${page} VERBATIM
			COMMAND sh -c "mkdir -p \"$3\" && \"$0\" <\"$1\" >\"$2\""
				${CT_SCDOC} ${page} ${manual} ${PROJECT_BINARY_DIR}/man)
		list(APPEND manuals ${manual})
		install(FILES ${manual} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
	endforeach()
	add_custom_target(man ALL DEPENDS ${manuals})
elseif(pages)
	message(STATUS "scdoc not found: no man pages")
endif()

# Completions, made of what the command says of itself; a sanitized one may not run everywhere.
# Debian's zsh looks for those of packages in vendor-completions, other systems' in site-functions.
if(TARGET conctrace AND NOT CT_SANITIZE AND NOT CT_FUZZ)
	find_package(Python3 REQUIRED COMPONENTS Interpreter)
	set(folder ${PROJECT_BINARY_DIR}/completions)
	set(script ${PROJECT_SOURCE_DIR}/scripts/completions.py)
	set(completions ${folder}/conctrace.bash ${folder}/_conctrace ${folder}/conctrace.fish)
	file(GLOB templates CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/completions/*.in)
	add_custom_command(OUTPUT ${completions} DEPENDS conctrace ${script} ${templates} VERBATIM
		COMMAND ${Python3_EXECUTABLE} -B ${script} $<TARGET_FILE:conctrace> ${folder})
	add_custom_target(completions ALL DEPENDS ${completions})
	install(FILES ${folder}/conctrace.bash RENAME conctrace
		DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
	foreach(place site-functions vendor-completions)
		install(FILES ${folder}/_conctrace DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/${place})
	endforeach()
	install(FILES ${folder}/conctrace.fish
		DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
endif()

file(RELATIVE_PATH CT_PC_TO_PREFIX
	${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
file(RELATIVE_PATH CT_PREFIX_TO_LIB ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_LIBDIR})
file(RELATIVE_PATH CT_PREFIX_TO_INCLUDE ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_INCLUDEDIR})
configure_file(${PROJECT_SOURCE_DIR}/cmake/conctrace.pc.in ${PROJECT_BINARY_DIR}/conctrace.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/conctrace.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# What programs are linked with for races, and the options for that: from the lists of Race.cmake.
install(DIRECTORY ${CT_RACE_FOLDER} DESTINATION ${CMAKE_INSTALL_LIBDIR})

function(ct_race_flags out quote folder) # of lists: the names of which follow
	set(words "")
	foreach(list IN LISTS ARGN)
		foreach(word IN LISTS ${list})
			if(word MATCHES "%s")
				string(REPLACE "%s" "${folder}" word "${quote}${word}${quote}")
			endif()
			list(APPEND words "${word}")
		endforeach()
	endforeach()
	list(JOIN words " " text)
	set(${out} "${text}" PARENT_SCOPE)
endfunction()

function(ct_race_pc name compiler title)
	set(CT_RACE_PC_NAME ${name})
	set(CT_RACE_PC_COMPILER ${title})
	ct_race_flags(CT_RACE_PC_FRONT "\"" "\${race}" CT_RACE_${compiler}_FRONT)
	ct_race_flags(CT_RACE_PC_LINK "\"" "\${race}" CT_RACE_${compiler}_LINK)
	configure_file(${PROJECT_SOURCE_DIR}/cmake/conctrace-race.pc.in
		${PROJECT_BINARY_DIR}/${name}.pc @ONLY)
	install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endfunction()
ct_race_pc(conctrace-race GCC gcc)
ct_race_pc(conctrace-race-clang CLANG clang)

set(folder "\${folder}") # as conctraceRace.cmake calls it
ct_race_flags(CT_RACE_CMAKE_GCC "'" "${folder}" CT_RACE_GCC_FRONT)
ct_race_flags(CT_RACE_CMAKE_CLANG "'" "${folder}" CT_RACE_CLANG_FRONT)
ct_race_flags(CT_RACE_CMAKE_LINK "'" "${folder}" CT_RACE_LINK)

set(CT_CONFIG_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/conctrace)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/conctraceConfig.cmake.in
	${PROJECT_BINARY_DIR}/conctraceConfig.cmake
	INSTALL_DESTINATION ${CT_CONFIG_DIR}
	PATH_VARS CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_BINDIR CMAKE_INSTALL_INCLUDEDIR)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/conctraceRace.cmake.in
	${PROJECT_BINARY_DIR}/conctraceRace.cmake
	INSTALL_DESTINATION ${CT_CONFIG_DIR} PATH_VARS CMAKE_INSTALL_LIBDIR
	NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/conctraceConfigVersion.cmake
	COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/conctraceConfig.cmake
	${PROJECT_BINARY_DIR}/conctraceRace.cmake
	${PROJECT_SOURCE_DIR}/cmake/conctraceTest.cmake
	${PROJECT_BINARY_DIR}/conctraceConfigVersion.cmake DESTINATION ${CT_CONFIG_DIR})
