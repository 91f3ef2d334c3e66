"""Which releases of the frameworks a part of the project runs with."""
