package models

import (
	"regexp"
	"strings"
	"sync"
)

// lintSet makes a set of words when it is first asked for it: every start of
// the program would pay for them, and most pages need none.
func lintSet(words string) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		out := map[string]bool{}
		for _, w := range strings.Fields(words) {
			out[w] = true
		}
		return out
	})
}

// lazyRegexp compiles an expression when it is first needed.
func lazyRegexp(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// lintTitles stand before a name.
var lintTitles = lintSet(`mr mrs ms miss dr doctor prof professor senator sen representative rep congressman congresswoman ambassador amb
	secretary undersecretary minister general gen admiral adm colonel col major captain commander lieutenant director chairman chairwoman
	chair president judge justice sir lord lady dame baroness baron commissioner governor gov mayor deputy counselor counsellor sheikh
	prince princess herr frau monsieur madame mme senor senora signor signora san pan pani`)

// lintCommon holds the words, months, virtues, colours and places that are
// also names of people or of companies.
var lintCommon = lintSet(`
	able abbey ace adams africa akers albany alba alder allen alliance alpha amazon america amber amen andes angel annex apple arch archer
	arena argentina arms armor art asia aspen asset atlas august austin austria avery
	bacon bailey baker ball bank banks bar barber bark barn baron barrier bass bay beach beam bean bear beck bell bench berg berlin best beta
	birch bird bishop black blade blank blaze block bloom blue board bolt bond book booth boston bow bowl bowman box boy brady branch brand
	bravo bridge bridges bright british britain broad brook brooks brown buck bull burden burger burn burns bush butcher butler button
	cable camp canada canon cape car card care carolina carpenter carry carter case cash castle central century chad chain chair champion
	chance chancellor change chapel chapman charity charles charlotte chase chevron chief child china church city clark clay clear clever
	cliff climate close cloud coal coast code cole coin cold college combs commerce commons contract cook cooper corn corner cost counter
	country court cow craft crane creek crisp cross crow crown cruise cruz cuba current dale dallas dance daniels dare darling dash date
	dawn day dean dear deal deer dell delta denver desert dial diamond do dodge dove down drake draper driver drum duke dunes duty dwell
	eagle early earth east easter eaton edge egypt elder elm emerald engineer england english epic equal era europe ever exchange expert
	fair faith falcon falls far farmer farrow fast feather ferry field fields finch finder fine fire fish fisher flint flood flowers fly
	focus fog force ford forest fort forth foster found fountain fox frame france frank franklin free freed freeman french friend frost
	fuller fund future gale gallery game gap garden gardener gas gates gentle genesis georgia german germany gift gill glass globe goal
	god gold golden good goodman gore grace grain grand grant grants graves gray great green greene grey grid ground grove guard guest gulf
	guy hall ham hammer hand hands harbor hard hardy harper hart hatch haven hawk hawkins head heart heath heaven hedge held heller help
	herald hero hide high hill hills hilton hodge holder holiday holland hollow holly home honor hood hook hope horizon horn horne hour house
	houston howe hughes human hunt hunter hurt ice impact in independence india indiana ink intel intent ireland iris iron island israel
	italy ivory ivy jack jackson jade japan jay jersey jet jewel job jordan journey joy judge june july justice keen keep kenya key keys
	kind king kings kitchen knight knox korea lab lake lamb lamp land lane large lark last law laws lawyer lay lead leader leaf league
	lean leave lee legend lens level lever liberty lie life light lily lima lin lincoln line link lion list little lock lodge logan london
	long look lord love low luck lynn madison main major mali man manager manning march mariner mark market marks marsh marshall martin
	mason mass master matter may mean means meadow medal media mercer mercy meta metal mexico middle miles mill miller mills mind mint
	miracle mission model monday moon moor moore more morning moss most mount mountain mouse much murky nash nation near neck need net new
	newman news newton nice night noble noon norm north norway note novel now oak oaks oath ocean office olive oliver one open opera oracle
	orange orchard order organ outlook owen owens pace page paine pal palm panama panel paper paradise park parker parks parole parsons part
	partner past path patience patton paul pay payne peace peak pearl peer penny pepper perfect person peru petty phoenix pier pike pilot
	pine pink piper pitt place plain plant plum poe point poland pole pollard pond pool poor pope port porter portland post potter pound
	poverty powder power powers prairie present press price pride prime prince prior proctor promise proof prosper prudent public pulse
	pure quad quarter queen quest quick rain ramp ranch range ray reach read reader ready real red reed reef reeves regent relic rest reward
	rice rich richmond ridge right ring rise rivers river road robin rock rocket roman rome roof room root rose round rowan rowe royal ruby
	rule rush russia sage saint sales salt sands sanders sand savage save scott sea seal search see self senate senior sense shade shadow
	sharp shaw shell shepherd sheriff shield ship shore short shield sierra sight silk silver simple singer singh sky slack slate slaughter
	small smart smith snow snyder solomon son song south spain span spark spear speed spence spice spring square stack staff stage stamp
	standard star starr start state states steel steele step stephens sterling stern stewart still stock stone store storm story stout
	strand street strength strong style sudan sugar summer summit sun sunday swan sweet swift sword sydney table tanner target tate taylor
	teach tell temple tender texas the thorn thrift tide tiger till time tin tobacco toledo tomb tower towers town trail train tree trent
	trinity troy true trump trust truth tucker turkey turner twist union unity upton vale valley value van vance vaughn verity vest vice
	victor victoria victory view vine virginia virtue visa vision voice wade wage wagner waiter walk walker wall ward ware warner warren
	washington waste watch waters water watt watts wave way ways weaver webb weeks wells west whale wheat wheel white wild wilde will
	willing willow winchester wind window wine wing winner winter winters wise wish wolf woman wonder wood woods word words work world worth
	wright wyoming yard yates year york young zion
	april autumn chastity chelsea christian constance destiny ethics eve felicity florence harmony hazel heather hunter jordan kent lance
	melody miles olympia paris prudence robin ruth savannah skip sterling sydney tiffany trinity tuesday valentine vienna wendy
	an as at be but by can did for from had has have he her him his how if into is it its just like made make many me men mine my no not
	of off on or our out over own say she so some such than that their them then there these they this to too under up us use very was we
	were what when where which while who why with would yes you your le lo la los de del des da di du el al ben bin von der den mai long
	ma he she yu she an so do su ha ho hu ni no to go`)

// lintCountries lists countries, folded, with their other names and what their
// people and offices are called.
var lintCountries = map[string][]string{
	"united states": {"american", "usa", "us", "united states of america", "u.s.", "u.s"}, "united kingdom": {"british", "uk", "britain", "great britain", "english"},
	"japan": {"japanese"}, "korea": {"korean", "south korea", "south korean", "republic of korea"}, "taiwan": {"taiwanese"},
	"australia": {"australian"}, "new zealand": {"new zealander"}, "india": {"indian"}, "canada": {"canadian"}, "mexico": {"mexican"},
	"germany": {"german"}, "france": {"french"}, "italy": {"italian"}, "spain": {"spanish"}, "portugal": {"portuguese"},
	"netherlands": {"dutch", "the netherlands", "holland"}, "belgium": {"belgian"}, "luxembourg": {"luxembourgish"}, "ireland": {"irish"},
	"denmark": {"danish"}, "sweden": {"swedish"}, "norway": {"norwegian"}, "finland": {"finnish"}, "iceland": {"icelandic"},
	"estonia": {"estonian"}, "latvia": {"latvian"}, "lithuania": {"lithuanian"}, "poland": {"polish"}, "czechia": {"czech", "czech republic"},
	"slovakia": {"slovak"}, "hungary": {"hungarian"}, "austria": {"austrian"}, "switzerland": {"swiss"}, "romania": {"romanian"},
	"bulgaria": {"bulgarian"}, "greece": {"greek"}, "turkey": {"turkish", "turkiye"}, "ukraine": {"ukrainian"}, "croatia": {"croatian"},
	"slovenia": {"slovenian"}, "israel": {"israeli"}, "singapore": {"singaporean"}, "philippines": {"philippine", "filipino"},
	"indonesia": {"indonesian"}, "malaysia": {"malaysian"}, "thailand": {"thai"}, "vietnam": {"vietnamese", "viet nam"}, "china": {"chinese"},
	"russia": {"russian"}, "brazil": {"brazilian"}, "argentina": {"argentine", "argentinian"}, "chile": {"chilean"}, "colombia": {"colombian"},
	"south africa": {"south african"}, "kenya": {"kenyan"}, "nigeria": {"nigerian"}, "egypt": {"egyptian"},
	"european union": {"eu", "european"}, "malta": {"maltese"}, "cyprus": {"cypriot"}, "serbia": {"serbian"}, "albania": {"albanian"},
	"bosnia and herzegovina": {"bosnian", "bosnia"}, "north macedonia": {"macedonian", "macedonia"}, "montenegro": {"montenegrin"}, "kosovo": {"kosovar"},
	"moldova": {"moldovan"}, "belarus": {"belarusian"}, "georgia": {"georgian"}, "armenia": {"armenian"}, "azerbaijan": {"azerbaijani", "azeri"},
	"kazakhstan": {"kazakh", "kazakhstani"}, "uzbekistan": {"uzbek"}, "mongolia": {"mongolian"}, "pakistan": {"pakistani"}, "bangladesh": {"bangladeshi"},
	"sri lanka": {"sri lankan"}, "nepal": {"nepali", "nepalese"}, "cambodia": {"cambodian"}, "laos": {"lao", "laotian"}, "myanmar": {"burmese", "burma"},
	"brunei": {"bruneian"}, "fiji": {"fijian"}, "papua new guinea": {"papua new guinean"}, "jordan": {"jordanian"}, "lebanon": {"lebanese"},
	"iraq": {"iraqi"}, "kuwait": {"kuwaiti"}, "bahrain": {"bahraini"}, "oman": {"omani"}, "morocco": {"moroccan"}, "tunisia": {"tunisian"},
	"algeria": {"algerian"}, "ethiopia": {"ethiopian"}, "ghana": {"ghanaian"}, "rwanda": {"rwandan"}, "senegal": {"senegalese"}, "tanzania": {"tanzanian"},
	"uganda": {"ugandan"}, "angola": {"angolan"}, "cote d'ivoire": {"ivorian", "ivory coast"}, "peru": {"peruvian"}, "ecuador": {"ecuadorian", "ecuadorean"},
	"uruguay": {"uruguayan"}, "paraguay": {"paraguayan"}, "costa rica": {"costa rican"}, "panama": {"panamanian"}, "dominican republic": {"dominican"},
	"guatemala": {"guatemalan"}, "jamaica": {"jamaican"},
	"saudi arabia": {"saudi"}, "united arab emirates": {"emirati", "uae"}, "qatar": {"qatari"},
}
