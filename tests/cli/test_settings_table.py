"""The table of settings in the documentation is the model's, and complete."""

from tools import settings_table


def test_the_page_is_up_to_date() -> None:
    page = settings_table.PAGE.read_text(encoding="utf-8")
    assert settings_table.with_table(page) == page, "run: python -m tools.settings_table"


def test_every_setting_says_what_it_means() -> None:
    found = {key: (default, allowed, meaning) for key, default, allowed, meaning in settings_table.rows()}
    assert found["server.port"] == ("`8600`", "whole number from 0 to 65535", "0: any free one")
    assert found["ui.theme"][1] == "`light`, `dark`"
    assert {"data_dir", "log_level", "video.ice_servers", "ocr.model_dir", "devices.dialect"} <= set(found)
    assert not [key for key, (_, _, meaning) in found.items() if not meaning], "give these a description"
