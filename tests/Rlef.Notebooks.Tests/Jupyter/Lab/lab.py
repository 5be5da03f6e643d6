"""Serves JupyterLab from build/ with Debian's jupyterlab_server."""
import json
import os

from jupyterlab_server import LabServerApp

HERE = os.path.dirname(os.path.abspath(__file__))
os.environ["JUPYTER_NO_CONFIG"] = "1"
with open(os.path.join(HERE, "package.json")) as file:
    VERSION = json.load(file)["dependencies"]["@jupyterlab/application"]


def _jupyter_server_extension_points():
    return [{"module": __name__, "app": Lab}]


class Lab(LabServerApp):
    name = __name__
    extension_url = default_url = "/lab"
    load_other_extensions = False
    app_name = "JupyterLab"
    app_version = VERSION
    static_dir = os.path.join(HERE, "build")
    templates_dir = HERE
    schemas_dir = os.path.join(HERE, "build", "schemas")
    app_settings_dir = os.path.join(HERE, "build", "settings")
    themes_dir = os.path.join(HERE, "build", "themes")
    # What a user changes lies with the kernel under test.
    user_settings_dir = os.path.join(os.environ["JUPYTER_DATA_DIR"], "settings")
    workspaces_dir = os.path.join(os.environ["JUPYTER_DATA_DIR"], "workspaces")


if __name__ == "__main__":
    Lab.launch_instance()
