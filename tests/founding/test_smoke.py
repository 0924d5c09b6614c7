import pytest
from django.test import Client
from coopwerf.founding import actions
from tests.cast import *
from .reporting import *
pytestmark = pytest.mark.django_db

def test_all(wolkenwerf):
    w = wolkenwerf
    r = drafted(w)
    pictured(w, r)
    pictured(w, r, "done")
    b = w.secretary.browser()
    for u in ("writing/", "writing/new/", "writing/de-servers-staan-recht/", "writing/de-servers-staan-recht/preview/", "writing/de-servers-staan-recht/pictures/","writing/de-servers-staan-recht/authors/","writing/de-servers-staan-recht/translations/fr/","writing/comments/","writing/comments/log/","writing/de-servers-staan-recht/move/publish/","writing/de-servers-staan-recht/move/schedule/","writing/de-servers-staan-recht/pictures/1/away/"):
        a = b.get(w.url(u)); assert a.status_code == 200, u
    actions.publish_report(**act(w), report_id=r)
    translated(w, r, alts={1: "Deux", 2: "Deux"})
    write(w, r, Words(**{**DUTCH.__dict__} if hasattr(DUTCH,'__dict__') else {f: getattr(DUTCH,f) for f in DUTCH.__dataclass_fields__} | {"done": "Vijf zaterdagen"}))
    actions.publish_report(**act(w), report_id=r, reason="Het waren er vijf")
    for u in ("reports/", "reports/de-servers-staan-recht/", "reports/de-servers-staan-recht/?lang=fr", "reports/de-servers-staan-recht/?lang=en", "reports/de-servers-staan-recht/versions/1/","reports/de-servers-staan-recht/versions/2/","reports/feed-nl.atom","reports/feed-fr.atom","reports/de-servers-staan-recht/comment/","reports/de-servers-staan-recht/comment/sent/"):
        a = Client().get(w.url(u)); assert a.status_code == 200, u
        open("/tmp/reports/"+u.replace("/","_").replace("?","_")+".html","w").write(a.content.decode())
