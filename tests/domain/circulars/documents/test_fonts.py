from domain.circulars.documents.fonts import SANS, SERIF, WANTED, chosen, faces


def test_without_a_folder_every_role_is_a_stand_in():
    found = faces(None)
    assert set(found.standins) == set(WANTED)
    assert (found.roles["fang"], found.roles["hei"]) == ([SERIF, SANS], [SANS, SERIF])


def test_the_best_face_on_offer_takes_its_role_whatever_its_case():
    offered = ["fandolfang r", "fangsong_gb2312", "KaiTi", SERIF]
    assert chosen(offered) == {
        "fang": "fangsong_gb2312",
        "xbs": None,
        "hei": None,
        "kai": "KaiTi",
        "song": None,
    }
