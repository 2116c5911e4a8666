"""Which mirror apt is asked for Odoo."""

from vision_cli.debian import mirrors, sid_source

DEB822 = """\
Types: deb
# http://snapshot.example.org/archive/debian/20250520T000000Z
URIs: http://mirror.example.org/debian
Suites: bookworm bookworm-updates
Components: main

Types: deb
URIs: http://mirror.example.org/debian-security
Suites: bookworm-security
Components: main
"""


def test_deb822_archive_is_found_and_its_comment_and_security_are_not():
    assert mirrors([DEB822]) == ["http://mirror.example.org/debian"]


def test_one_line_sources_are_read_with_and_without_options():
    content = (
        "# deb http://off.example.org/debian bookworm main\n"
        "deb [arch=amd64 signed-by=/k.gpg] https://a.example.org/debian/ bookworm main\n"
        "deb-src https://src.example.org/debian bookworm main\n"
        "deb http://b.example.org/debian bookworm main\n"
    )
    assert mirrors([content]) == ["https://a.example.org/debian", "http://b.example.org/debian"]


def test_each_mirror_counts_once_in_the_order_of_the_files():
    other = "deb http://other.example.org/debian bookworm main\n"
    assert mirrors([other, DEB822, DEB822]) == [
        "http://other.example.org/debian",
        "http://mirror.example.org/debian",
    ]


def test_several_uris_on_one_line_are_all_mirrors():
    assert mirrors(["URIs: http://a/debian http://b/debian/\n"]) == [
        "http://a/debian",
        "http://b/debian",
    ]


def test_third_parties_and_other_distributions_carry_no_odoo():
    content = (
        "deb https://packages.example.com/apt stable main\n"
        "deb http://archive.example.com/ubuntu noble main\n"
    )
    assert mirrors([content]) == []


def test_the_private_source_is_verified_with_debians_keyring():
    source = sid_source(["http://a/debian", "http://b/debian"])
    assert "URIs: http://a/debian http://b/debian\n" in source
    assert "Suites: sid\n" in source
    assert "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n" in source
