"""Malformed and odd national payloads under the shipped profile. What the contract leaves open about them is left out."""
import json

from mutations import mutants, truncations, two_records
from national import CODES, dump, FLAGS, ORDER, TEXTS

BASE = {
    "MaHoSo": "000.00.18.H31-250715-0001", "TrangThaiHoSo": 4, "MaTTHC": "2.000815", "MaLinhVuc": "G15-TP02", "MaDonViTiepNhan": "11953", "DonViXuLy": "11953",
    "KenhThucHien": 2, "NgayNopHoSo": "20250715083000", "NgayTiepNhan": "2025-07-15 08:31:00", "NgayHenTra": "2025-07-16T17:00:00", "NgayKetThucXuLy": None,
    "DanhSachLePhi": [{"TenPhiLePhi": "Lệ phí", "Gia": 8000}, {"Gia": 0}], "DuocThanhToanTrucTuyen": 1, "HinhThuc": 2, "TaiKhoanDuocXacThucVoiVNeID": 1, "HoSoCoThanhPhanSoHoa": 0,
    "DanhSachGiayToKetQua": [{"MaGiayToKetQua": "KQ1", "DuongDanTepTinKetQua": "https://kho.example/1"}], "TaiLieuNop": [{"DuocTaiSuDung": 2}],
    "ChuHoSo": "Trần Thị Ánh Nguyệt", "SoDinhDanh": "033204001234", "DinhDanhCHS": [{"LoaiDinhDanh": 1, "SoDinhDanh": "033204001234"}],
}
LISTS = ("DanhSachLePhi", "DanhSachGiayToKetQua", "TaiLieuNop")
DATE_KEYS = ("NgayNopHoSo", "NgayTiepNhan", "NgayHenTra", "NgayKetThucXuLy")
KEYS = [key for key in ORDER if key in BASE]
DATES = (
    "20250715083000 20250231000000 20251301000000 20250715240000 20250715236000 20250715235960 20000101065959 20000101070000 21000101065959 21000101070000 2025071508300 "
    "202507150830000 2025-07-15T08:30:00 2025-07-15T08:30:00Z 2025-07-15T08:30:00.123456789+07:00 2025-07-15T08:30:00.1234567890Z 2025-07-15T08:30:00+24:00 2025-02-29T00:00:00 "
    "2000-01-01T06:59:59.999 2000-01-01T07:00:00 2099-12-31T23:59:59Z 2100-01-01T06:59:59.999 2100-01-01T07:00:00 15/07/2025 hôm-nay").split() + [
    "2025-07-15 08:30:00", "2025-02-29 08:30:00", "2025-07-15 24:00:00", "2025/07/15 08:30:00", "15/07/2025 08:30:00", "2000-01-01 06:59:59", "2000-01-01 07:00:00", "2025-07-15  08:30:00", ""]


def with_values(**values):
    return dump({**BASE, **values})


def raw(key, text):
    """The payload with a key's value written as it is."""
    return json.dumps({**BASE, key: "@"}, ensure_ascii=False, separators=(",", ":")).replace('"@"', text, 1).encode("utf-8", "surrogatepass")


def wrong_types(key):
    values = ["[]", "{}", "[1]", "[[]]", "1.5", "1e0", "-1", '"x"', '"\\ud800"', "null", "tru", "", "01", "99999999999999999999"]
    values += ["true", "false"] if key not in FLAGS else []
    return values


def value_inputs():
    for key in KEYS:
        for value in wrong_types(key):
            yield f"{key}: {value}", raw(key, value)
        yield f"{key} absent", dump({name: value for name, value in BASE.items() if name != key})
        yield f"{key} null", with_values(**{key: None})
    for key, table in CODES.items():
        for code in range(-2, 25):
            yield f"{key} {code}", with_values(**{key: code})
    for key in FLAGS:
        for code in (-1, 0, 1, 2, 3):
            yield f"{key} {code}", with_values(**{key: code})
    for key in DATE_KEYS:
        for date in DATES:
            yield f"{key} {date}", with_values(**{key: date})
    for key in TEXTS:
        for length in (0, 1, 31, 32, 33, 39, 40, 41, 63, 64, 65, 200):
            yield f"{key} of {length}", with_values(**{key: "x" * length})
            yield f"{key} of {length} letters with marks", with_values(**{key: "ờ" * length})


def list_inputs():
    for key in LISTS:
        for text in ("[]", "[{}]", "[1]", "{}", "[", "1", "null", ""):
            yield f"{key}: the text {text}", with_values(**{key: text})
        for value in ([], [{}], [{"x": [1]}], [{"Gia": 0}], [1], ["x"], [None, 1], [[{}]], {}, "x", 5):
            yield f"{key}: {value}", with_values(**{key: value})
    for price in (0, 1, 8000, 10**12, 10**12 + 1, -1, 1.5, 2**63, 10**30, [], {}, True):
        yield f"Gia {price}", with_values(DanhSachLePhi=[{"Gia": price}])
        yield f"Gia 1 and {price}", with_values(DanhSachLePhi=[{"Gia": 1}, {"Gia": price}])
    for count in (2, 10, 1_000):
        yield f"{count} fees up to the limit", with_values(DanhSachLePhi=[{"Gia": 10**12 // count}] * count)
        yield f"{count} fees over the limit", with_values(DanhSachLePhi=[{"Gia": 10**12 // count + 1}] * count)
    yield "sums that leave 64 bits", with_values(DanhSachLePhi=[{"Gia": 10**12}] * 900)


def reasons(random):
    for key in KEYS:
        fine = json.dumps(BASE[key], ensure_ascii=False)
        whole = dump(BASE)[1:-1]
        name = f'"{key}":'.encode()
        yield f"{key} twice, the last is good", b"{" + name + b"[[1]]," + whole + b"," + name + fine.encode() + b"}"
        yield f"{key} twice, the last is bad", b"{" + whole + b"," + name + b"[[1]]}"
        yield f"{key} escaped", b"{" + whole + b"," + f'"\\u{ord(key[0]):04x}{key[1:]}":[[1]]'.encode() + b"}"
        for other in (key.lower(), key.upper(), key + " ", key[:-1]):
            yield f"a name like {key}", b"{" + whole + b"," + f'"{other}":[[1]]'.encode() + b"}"
    for _ in range(600):
        faults = {key: random.choice(([[1]], None, BASE[key])) for key in random.sample(KEYS, random.randint(2, 6))}
        yield "many faults", with_values(**faults)
    for levels in (62, 63, 64, 65, 1_000):
        for key in ("ChuHoSo", "DanhSachLePhi", "MaHoSo", "DinhDanhCHS"):
            yield f"{levels} arrays in {key}", raw(key, "[" * levels + "]" * levels)
    for length in (65_535, 65_536, 65_537):
        yield f"{length} bytes", with_values(TrichYeuHoSo="p" * (length - len(with_values(TrichYeuHoSo=""))))


def all_of(random):
    # Without the keys in which chance would make what the contract leaves open: numbers written as text.
    small = [dump({key: BASE[key] for key in ("MaHoSo", "NgayNopHoSo", "ChuHoSo", "DanhSachLePhi")}), dump({key: BASE[key] for key in ("MaHoSo", "MaTTHC", "DonViXuLy", "DinhDanhCHS")})]
    yield from (("whole", record) for record in [dump(BASE), *small])
    yield from truncations([dump(BASE), *small])
    yield from two_records([dump(BASE)])
    yield from value_inputs()
    yield from list_inputs()
    yield from reasons(random)
    yield from mutants(small, random, 1_000, b'{}[]:,"\\ 0123456789-\x00\x1f\x80\xc3\xff')
