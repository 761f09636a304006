if(SLIPCAST_SANITIZE)
  add_compile_options(-fsanitize=${SLIPCAST_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SLIPCAST_SANITIZE})
endif()
