"""Headings that say one thing and no more: that a page is gone, that a reader must log in, or must be a person.

An article may have such words in its heading too ("Handling 404 errors", "Sign in with a passkey"), and says more.
"""

from __future__ import annotations

import re
from typing import NamedTuple


def any_of(*phrases: str) -> re.Pattern[str]:
    """Return an expression for any of some phrases, between other words and in any case."""
    return re.compile("|".join(rf"\b(?:{phrase})\b" for phrase in phrases), re.IGNORECASE | re.DOTALL)


class Topic(NamedTuple):
    """What a heading can be about: phrases that name it, and words that may stand beside them and add nothing."""

    phrases: re.Pattern[str]
    beside: frozenset[str]


def _words_in(text: str) -> frozenset[str]:
    return frozenset(text.split())


MISSING = Topic(
    any_of(
        r"404|410|not found|(?:can.?t|cannot|can not|could ?n.?t|could not|unable to) (?:be )?f(?:i|ou)nd|is gone",
        r"no longer (?:exists?|available|here|online)|(?:does ?n.?t|does not|did not) exist|not exist",
        r"(?:been|was|is) (?:removed|deleted|unpublished|taken down)|(?:is ?n.?t |not |un)available",
        r"nicht gefunden|existiert nicht(?: mehr)?|nicht mehr verfügbar|introuvable|n.existe (?:pas|plus)|non trouvée?",
        r"no encontrada?|no existe|non trovata?|non esiste|não encontrada?|não existe|niet gevonden|bestaat niet",
        r"nie znaleziono|nie istnieje|hittades inte|ikke funnet|ikke fundet|bulunamadı|не найдена?|не существует",
        r"(?:页面|頁面|网页|網頁)(?:不存在|未找到|找不到)|(?:お探しの)?ページ[はが]?(?:見つかりません|存在しません)(?:でした)?",
        r"페이지를 찾을 수 없습니다",
    ),
    _words_in("""
        1 a about again all an and any anymore are article at author back be been but by code content currently deleted
        doc document does error exist file for gone has have here hmm home http https i in is it item its link longer
        looking may might missing moved no not now of on oops ops or our owner page please post product removed renamed
        request requested resource right s seem seems site so something sorry status story t tab temporarily that the
        there this to topic tried try trying uh url view visit was we web website went were whoops wrong you your
        aber angeforderte artikel bitte das der die diese dieser dieses entschuldigung es fehler gesuchte hoppla ist
        leider seite tut uns wurde
        cette ce contenu de demandée désolé désolés erreur est et la le nous oups page que recherchée vous
        buscas el encontrar esta este estás lo lamentamos página pagina que sentimos contenido
        ci cercata desculpe dispiace erro errore è richiesta
        deze fout niet strona strony błąd przepraszamy sidan siden sayfa hata
        страница ошибка такой запрашиваемая к сожалению 抱歉 对不起 您访问的 错误
    """),
)
LOGIN = Topic(
    any_of(
        r"log ?-?in|sign ?-?in|log ?-?on|sign ?-?on|(?:logged|signed) in|anmelden|anmeldung|einloggen|se connecter",
        r"connexion|iniciar sesión|acceder|accedi|aanmelden|inloggen|zaloguj|logga in|giriş|вход|войти",
        r"登录|登入|ログイン|로그인",
    ),
    _words_in("""
        a account accounts an and area back be continue create customer customers email first form free have here i id
        in is it member members my need needed new now or page password please portal proceed register registration
        required s screen secure service services sign single sso the this to up use user username users view welcome
        you your
        bei bitte das dein deinem dem ihr ihrem im in konto mit oder registrieren sie sich zum
        à au compte ou s inscrire votre cuenta tu en
    """),
)
PERSON = Topic(
    any_of(
        r"just a moment|checking (?:if the site connection is secure|your browser)|attention required|unusual traffic",
        r"(?:verify(?:ing)?|confirm|prove|make sure) (?:that )?you(?:.re| are) (?:a )?(?:human|not a robot|person)",
        r"are you (?:a )?(?:robot|human)|captcha|recaptcha|security (?:check|verification)|human verification",
        r"enable javascript and cookies to continue",
    ),
    _words_in("""
        a access accessing are before browser by challenge check cloudflare complete continue enter human is moment not
        one or page please protection quick required robot s security site solve the this to verification verify wait
        we website you your
    """),
)
# "The document you asked for has been removed": what it begins and ends with leaves little else to say.
_MISSING_SENTENCE = re.compile(
    r"\W*(?:(?:sorry|oops|whoops|error)\W+)?(?:the|this|that|your|our|requested)\b.{0,80}\b(?:not found|no longer"
    r" (?:available|exists?|here|online)|does ?n.?t exist|does not exist|is gone|(?:been|was) (?:removed|deleted|taken"
    r" down)|(?:cannot|can.?t|could ?n.?t|could not) be found)\W*",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r" [|·•»›–—:-]+ | ?(?:[|»·]|::) ?")  # between a page's name and its site's


def says_only(heading: str, topic: Topic, host: str) -> bool:
    """Return whether a part of a heading says nothing else; the site's own name, as in its address, adds nothing."""
    return any(_is_only(part, topic, host) for part in _SEPARATOR.split(" ".join(heading[:300].split())))


def _is_only(part: str, topic: Topic, host: str) -> bool:
    if not topic.phrases.search(part):
        return False
    rest = re.findall(r"\w+", topic.phrases.sub(" ", part).lower())
    is_bare = all(word in topic.beside or (len(word) > 2 and word in host) for word in rest)
    return is_bare or (topic is MISSING and _MISSING_SENTENCE.fullmatch(part) is not None)
