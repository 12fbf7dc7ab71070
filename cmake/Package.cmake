# The Debian package: `cpack -G DEB` in the build folder. What is in it is what Install.cmake installs.

set(CPACK_PACKAGE_NAME conctrace)
set(CPACK_PACKAGE_CONTACT "The conctrace authors")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DESCRIPTION
	"Records what the threads and processes of an unmodified program do to each other, and says
why it hangs, which of its lock orders can deadlock, where its data races are and where the
time went. Writes reports for people, CI servers and graders.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS libzydis4.0) # loaded when it is needed: shlibdeps does not see it
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS graphviz) # --svg
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "gcc | clang, gdb") # conctrace cc, --on-hang=gdb
include(CPack)
