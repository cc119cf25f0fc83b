"""Names of the months as documents print them, and what they begin with. Data."""

from __future__ import annotations

import re

from ocrchat.chat.terms import folded

_NAMES = """
january february march april may june july august september october november december
jan feb mar apr may jun jul aug sep oct nov dec
janv févr mars avr mai juin juil août sept oct nov déc
sept. - - - - - - - sept - - -
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
januar februar märz april mai juni juli august september oktober november dezember
jänner - mrz - - - - - - okt - dez
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
ene - - abr - - - ago setiembre - - dic
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
januari februari maart april mei juni juli augustus september oktober november december
stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień
ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου
ιανουάριος φεβρουάριος μάρτιος απρίλιος μάιος ιούνιος ιούλιος αύγουστος σεπτέμβριος οκτώβριος νοέμβριος δεκέμβριος
يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
- - آذار نيسان أيار حزيران تموز آب أيلول - - -
जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर
- फ़रवरी - - - - - - सितम्बर अक्तूबर नवम्बर दिसम्बर
ဇန်နဝါရီ ဖေဖော်ဝါရီ မတ် ဧပြီ မေ ဇွန် ဇူလိုင် ဩဂုတ် စက်တင်ဘာ အောက်တိုဘာ နိုဝင်ဘာ ဒီဇင်ဘာ
- - မတ်လ - - - - သြဂုတ် - - - -
mutarama gashyantare werurwe mata gicurasi kamena nyakanga kanama nzeri ukwakira ugushyingo ukuboza
"""

MONTHS = {
    folded(name): number
    for row in _NAMES.strip().splitlines()
    for number, name in enumerate(row.split(), 1)
    if name != "-" and not name.endswith(".")
}
"""Folded name → 1 to 12."""

# A year, a day of the week or an hour says when, too.
SAYS_WHEN = re.compile(
    r"(?<![\d.,])(?:1[0-9]|20)\d\d(?![\d.,]\d)|\d{1,2}[:.]\d\d ?(?:h|am|pm|uhr)?\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b"
    r"|\b(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?\b"
    r"|\b(?:lunes|martes|miércoles|jueves|viernes|sábados?|domingos?|spring|summer|autumn|winter|century|noon|midnight)\b",
    re.IGNORECASE,
)
