"""Mail providers that anybody may use: their domain says nothing about where a person works."""

from __future__ import annotations

_PROVIDERS = """
gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk hotmail.fr hotmail.de hotmail.it hotmail.es live.com
live.co.uk live.fr live.nl live.se live.dk live.no live.be live.ca live.com.au msn.com outlook.de outlook.fr
outlook.es outlook.it outlook.jp outlook.com.br outlook.com.au yahoo.com yahoo.co.uk yahoo.fr yahoo.de yahoo.it
yahoo.es yahoo.ca yahoo.in yahoo.co.in yahoo.co.jp yahoo.com.br yahoo.com.au yahoo.com.ar yahoo.com.mx ymail.com
rocketmail.com myyahoo.com icloud.com me.com mac.com aol.com aim.com proton.me protonmail.com protonmail.ch pm.me
tutanota.com tutanota.de tuta.io tuta.com mailbox.org posteo.de posteo.net gmx.de gmx.net gmx.at gmx.ch gmx.com
gmx.fr gmx.co.uk web.de freenet.de t-online.de arcor.de online.de mail.de email.de zoho.com zohomail.com zohomail.eu
fastmail.com fastmail.fm hey.com hushmail.com mail.com email.com usa.com post.com mail.ru bk.ru inbox.ru list.ru
internet.ru yandex.com yandex.ru ya.ru rambler.ru ukr.net i.ua meta.ua qq.com 163.com 126.com yeah.net sina.com
sina.cn sohu.com foxmail.com aliyun.com naver.com hanmail.net daum.net nate.com docomo.ne.jp ezweb.ne.jp
softbank.ne.jp nifty.com rediffmail.com indiatimes.com orange.fr wanadoo.fr laposte.net free.fr sfr.fr neuf.fr
bbox.fr numericable.fr libero.it virgilio.it alice.it tin.it tiscali.it tiscali.co.uk hotmail.com.br bol.com.br
uol.com.br terra.com.br ig.com.br globo.com globomail.com r7.com wp.pl o2.pl onet.pl interia.pl op.pl gazeta.pl
seznam.cz email.cz centrum.cz atlas.cz azet.sk zoznam.sk freemail.hu citromail.hu abv.bg mail.bg telenet.be
skynet.be proximus.be ziggo.nl kpnmail.nl planet.nl home.nl hetnet.nl xs4all.nl bluewin.ch hispeed.ch sunrise.ch
chello.at aon.at bigpond.com optusnet.com.au iinet.net.au xtra.co.nz btinternet.com btopenworld.com virginmedia.com
ntlworld.com sky.com talktalk.net blueyonder.co.uk comcast.net verizon.net att.net sbcglobal.net bellsouth.net
cox.net charter.net earthlink.net juno.com frontier.com optonline.net roadrunner.com rr.com windstream.net shaw.ca
rogers.com sympatico.ca telus.net videotron.ca bell.net telia.com bredband.net spray.se online.no telenor.no
start.no mail.dk sapo.pt iol.pt otenet.gr walla.co.il walla.com mynet.com duck.com simplelogin.com anonaddy.com
mailinator.com guerrillamail.com yopmail.com 10minutemail.com privaterelay.appleid.com users.noreply.github.com
"""

FREE_MAIL: frozenset[str] = frozenset(_PROVIDERS.split())


def is_free_mail(domain_norm: str) -> bool:
    """True when an address there says nothing about its owner's company."""
    return domain_norm in FREE_MAIL
