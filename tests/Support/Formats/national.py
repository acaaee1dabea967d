"""The national exchange payload of spec section 2: its verdict, and native events rewritten as payloads."""
import json
import re
import time

from events import BadValue, in_range, instant_of_text, is_integer, known, Malformed, MAX_RECORD, millis_of, Pairs, read_json, text_of

LOCAL_MINUTES = 7 * 60
AT_KEY = "ThoiDiemCapNhat"
TEXTS = {"MaHoSo": "case", "MaTTHC": "procedure", "MaLinhVuc": "field", "MaDonViTiepNhan": "receiving", "DonViXuLy": "handling"}
CODES = {"TrangThaiHoSo": range(1, 11), "KenhThucHien": (1, 2, 3), "DuocThanhToanTrucTuyen": range(4), "HinhThuc": range(3)}
FLAGS = ("TaiKhoanDuocXacThucVoiVNeID", "HoSoCoThanhPhanSoHoa")
DATES = {"NgayNopHoSo": "filed", "NgayTiepNhan": "accepted", "NgayHenTra": "due", "NgayKetThucXuLy": "ended"}
# The order in which values are judged is that of the native keys they become.
ORDER = (
    "MaHoSo", AT_KEY, "TrangThaiHoSo", "MaTTHC", "MaLinhVuc", "MaDonViTiepNhan", "DonViXuLy", "KenhThucHien", "NgayNopHoSo", "NgayTiepNhan",
    "NgayHenTra", "NgayKetThucXuLy", "DanhSachLePhi", "DuocThanhToanTrucTuyen", "DanhSachGiayToKetQua", "HinhThuc", "HoSoCoThanhPhanSoHoa",
    "TaiLieuNop", "TaiKhoanDuocXacThucVoiVNeID")
COMPACT_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)", re.ASCII)
SPACED_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)", re.ASCII)
MAX_FEE = 10**12


def date_of(text):
    """A date in one of the listed forms, local (UTC+7) when it has no offset."""
    if not isinstance(text, str):
        raise BadValue
    match = COMPACT_DATE.fullmatch(text) or SPACED_DATE.fullmatch(text)
    if match:
        return millis_of(*map(int, match.groups()), 0, LOCAL_MINUTES)
    return instant_of_text(text, LOCAL_MINUTES)


def items_of(value):
    if type(value) is not list or not all(isinstance(item, Pairs) for item in value):
        raise BadValue
    return [dict(item) for item in value]


def fee_of(value):
    prices = [item.get("Gia") for item in items_of(value)]
    if not all(price is None or (is_integer(price) and 0 <= price <= MAX_FEE) for price in prices):
        raise BadValue
    if sum(price or 0 for price in prices) > MAX_FEE:
        raise BadValue


def check_value(key, value):
    if key in TEXTS:
        text_of(TEXTS[key], value)
    elif key in CODES:
        if not is_integer(value) or value not in CODES[key]:
            raise BadValue
    elif key in FLAGS:
        if not is_integer(value) or value not in (0, 1):
            raise BadValue
    elif key == "DanhSachLePhi":
        fee_of(value)
    elif key in ("DanhSachGiayToKetQua", "TaiLieuNop"):
        items_of(value)
    else:
        date_of(value)


def judge_payload(record, arrival, at_key=None):
    """The verdict under the shipped profile; with `at_key`, under one whose `at` comes from that key."""
    if len(record) > MAX_RECORD:
        return "too_large"
    try:
        last = read_json(record).last(set(ORDER))
    except Malformed:
        return "malformed"
    if last.get("MaHoSo") is None:
        return "missing:case"
    if (last.get(at_key) if at_key else known(arrival)) is None:
        return "missing:at"
    for key in ORDER:
        if last.get(key) is not None and (key != AT_KEY or at_key):
            try:
                check_value(key, last[key])
            except BadValue:
                return "bad_value:" + key
    return "accepted"


# The constant of the shipped profile.
SOURCE = "national"
FAMILY = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý".split()
MIDDLE = "Thị Văn Hữu Đức Ngọc Thuý Quỳnh Mạnh Xuân Thu".split()
GIVEN = "An Bình Châu Dũng Đào Giang Hạnh Khánh Loan Mỹ Nghĩa Oanh Phúc Quyên Sương Thuỷ Uyên Vượng Xuyến Yến".split()


def stamp(millis, form):
    """An instant in one of the listed forms, and what is left of it."""
    if form in ("%Y%m%d%H%M%S", "%Y-%m-%d %H:%M:%S"):
        return time.strftime(form, time.gmtime(millis // 1000 + LOCAL_MINUTES * 60)), millis - millis % 1000
    local = form != "Z"
    text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(millis // 1000 + (LOCAL_MINUTES * 60 if local else 0)))
    return f"{text}.{millis % 1000:03d}{form}", millis


def date_form(random, millis):
    text, kept = stamp(millis, random.choice(("%Y%m%d%H%M%S", "%Y-%m-%d %H:%M:%S", "Z", "+07:00", "")))
    # The local years 2000 and 2099 are not quite those of UTC; the range is judged on the instant.
    return text, in_range(kept)


def restrict(values, random):
    """(payload, native event) that say the same: what the payload can carry of a native event, and no more."""
    payload, native = {}, {"source": SOURCE, "kind": "case", "case": values["case"]}
    payload[AT_KEY], native["at"] = date_form(random, values["at"])
    for name, key in TEXTS.items():
        if key in values:
            payload[name] = native[key] = values[key]
    if "status" in values:
        payload["TrangThaiHoSo"] = native["status"] = values["status"]
    if "channel" in values:
        native["channel"] = values["channel"] or "counter"
        payload["KenhThucHien"] = random.choice((None, 1)) if native["channel"] == "counter" else {"online": 2, "post": 3}[native["channel"]]
    for name, key in DATES.items():
        if key in values:
            payload[name], native[key] = (None, None) if values[key] is None else date_form(random, values[key])
    _money(values, random, payload, native)
    _outcome(values, random, payload, native)
    _personal(random, payload)
    shuffled = list(payload.items())
    random.shuffle(shuffled)
    return dict(shuffled), native


def _money(values, random, payload, native):
    if "fee" in values:
        native["fee"], parts = values["fee"], []
        if values["fee"] is not None:
            first = random.randint(0, values["fee"])
            parts = [first, values["fee"] - first] if random.random() < 0.5 else [values["fee"]]
        payload["DanhSachLePhi"] = [{"TenPhiLePhi": "Lệ phí", "MaPhiLePhi": f"LP{i}", "HinhThucThu": 1, "Gia": part} for i, part in enumerate(parts)]
    paid = values.get("paid_via", "absent")
    if paid in (None, "none", "national", "local"):
        native["paid_via"] = paid
        payload["DuocThanhToanTrucTuyen"] = {None: None, "none": random.choice((0, 3)), "national": 1, "local": 2}[paid]


def _outcome(values, random, payload, native):
    result = values.get("result", "absent")
    if result in (None, "none", "electronic"):
        native["result"] = result
        item = {"TenGiayTo": "Giấy chứng nhận", "MaGiayToKetQua": "KQ.001", "DuongDanTepTinKetQua": "https://kho.example/kq/1.pdf"}
        absent = random.choice(("MaGiayToKetQua", "DuongDanTepTinKetQua"))
        lacking = {name: value for name, value in item.items() if name != absent}
        payload["DanhSachGiayToKetQua"] = [] if result is None else [lacking, item] if result == "electronic" else [lacking]
    returned = values.get("returned", "absent")
    if returned in (None, "counter", "post", "online"):
        native["returned"] = returned
        payload["HinhThuc"] = {None: None, "counter": 0, "post": 1, "online": 2}[returned]
    for name, key in (("TaiKhoanDuocXacThucVoiVNeID", "vneid"), ("HoSoCoThanhPhanSoHoa", "digitised")):
        if key in values:
            native[key] = values[key]
            payload[name] = None if values[key] is None else int(values[key])
    if "reused" in values:
        native["reused"] = values["reused"]
        papers = [{"TenTepDinhKem": "đơn.pdf", "DuocSoHoa": 1, "DuocTaiSuDung": 0}, {"TenTepDinhKem": "cccd.jpg", "DuocTaiSuDung": random.choice((1, 2))}]
        payload["TaiLieuNop"] = [] if values["reused"] is None else papers if values["reused"] else papers[:1]


def _personal(random, payload):
    """Unknown keys with what real payloads hold of citizens: made up, and never to be seen behind the decoder."""
    name = " ".join((random.choice(FAMILY), random.choice(MIDDLE), random.choice(GIVEN)))
    number = "0" + "".join(random.choice("0123456789") for _ in range(11))
    phone = "09" + "".join(random.choice("0123456789") for _ in range(8))
    payload.update({
        "ChuHoSo": name, "SoDinhDanh": number, "SoDienThoai": phone, "Email": f"cd{number[-6:]}@thu.example", "LoaiDoiTuong": 1,
        "TrichYeuHoSo": f"Đề nghị của {name}", "DinhDanhCHS": [{"LoaiDinhDanh": 1, "SoDinhDanh": number}],
        "ThongTinNguoiNop": {"HoTen": name, "LienHe": [{"SoDienThoai": phone}, {"Email": f"cd{number[-6:]}@thu.example"}]},
        "DanhSachHoSoBoSung": [] if random.random() < 0.5 else [{"NguoiYeuCauBoSung": name, "NoiDungBoSung": "Bổ sung \"giấy tờ\"", "NgayBoSung": "20250716093000"}],
    })


def dump(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
