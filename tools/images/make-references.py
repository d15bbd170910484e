"""
Makes small images of every kind, and the arrays that Pillow, NumPy and LittleCMS make of them: what
bentoml-sharp-images is held against.

    python tools/images/make-references.py <folder>

Needs pillow and numpy in the versions that tools/ci/images.mjs names. Two runs give the same files, byte for byte.
"""

import io
import json
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps

WIDTH, HEIGHT = 64, 48


def photo(width=WIDTH, height=HEIGHT, channels=3, seed=1):
    """Smooth colours with some edges and grain, as a photo has them; 0 to 255."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width] / max(width, height)
    planes = []
    for channel in range(channels):
        a, b, c = random.uniform(2, 9, 3)
        plane = 128 + 60 * np.sin(a * x + channel) + 50 * np.cos(b * y + c * x * y)
        plane += 40 * ((x - 0.4) ** 2 + (y - 0.3) ** 2 < 0.04)
        planes.append(plane + random.normal(0, 3, plane.shape))
    return np.clip(np.stack(planes, axis=-1), 0, 255).astype(np.uint8)


def deep(channels, seed):
    """16 bits a channel, all of them used."""
    random = np.random.default_rng(seed)
    high = photo(channels=channels, seed=seed).astype(np.uint16) << 8
    return high | random.integers(0, 256, high.shape, dtype=np.uint16)


def encoded(image, format, **options):
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def opened(data, mode=None):
    image = Image.open(io.BytesIO(data))
    return np.asarray(image.convert(mode) if mode else image)


def deep_png(array):
    """Pillow cannot write 16-bit RGB and RGBA: the chunks are simple enough."""
    height, width, channels = array.shape
    colour_type = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    rows = array.astype(">u2").tobytes()
    stride = width * channels * 2
    filtered = b"".join(b"\0" + rows[row * stride : (row + 1) * stride] for row in range(height))

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(filtered, 9)) + chunk(b"IEND", b"")


def cmyk_profile():
    """A small press: ICC version 2, a table of 7 x 7 x 7 x 7 colours to Lab. Our own, so that nobody's licence comes along."""
    grid = 7
    steps = np.linspace(0, 1, grid)
    c, m, y, k = np.meshgrid(steps, steps, steps, steps, indexing="ij")
    ink = np.stack([c, m, y], axis=-1)
    paper = np.prod(1 - 0.92 * ink[..., :, None] * np.array([[1.0, 0.35, 0.1], [0.15, 1.0, 0.4], [0.02, 0.12, 0.95]]), axis=-2)
    rgb = paper * (1 - 0.94 * k[..., None])
    xyz = rgb @ np.array([[0.4361, 0.2225, 0.0139], [0.3851, 0.7169, 0.0971], [0.1431, 0.0606, 0.7141]])
    ratio = xyz / np.array([0.9642, 1.0, 0.8249])
    root = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    lightness = 116 * root[..., 1] - 16
    lab = np.stack([lightness * 2.55, 500 * (root[..., 0] - root[..., 1]) + 128, 200 * (root[..., 1] - root[..., 2]) + 128], axis=-1)
    table = np.clip(np.rint(lab), 0, 255).astype(np.uint8).tobytes()
    identity = struct.pack(">9i", *(65536 if i % 4 == 0 else 0 for i in range(9)))
    line = bytes(range(256))
    to_lab = b"mft1\0\0\0\0" + bytes([4, 3, grid, 0]) + identity + line * 4 + table + line * 3
    # LittleCMS opens an output profile only with both ways; the way back is not used, so it is a line.
    back = b"mft1\0\0\0\0" + bytes([3, 4, 2, 0]) + identity + line * 3 + bytes(2**3 * 4) + line * 4
    name = b"desc\0\0\0\0" + struct.pack(">I", 11) + b"small press\0"[:11] + bytes(12 + 67)
    tags = [(b"A2B0", to_lab), (b"B2A0", back), (b"desc", name), (b"wtpt", b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)), (b"cprt", b"text\0\0\0\0public domain\0")]
    offset, index, content = 128 + 4 + 12 * len(tags), b"", b""
    for tag, data in tags:
        data += bytes(-len(data) % 4)
        index += struct.pack(">4sII", tag, offset + len(content), len(data))
        content += data
    body = struct.pack(">I", len(tags)) + index + content
    header = struct.pack(">I4sI4s4s4s12s4s", 128 + len(body), b"lcms", 0x02400000, b"prtr", b"CMYK", b"Lab ", struct.pack(">6H", 2026, 1, 1, 0, 0, 0), b"acsp")
    header += bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return header + bytes(128 - len(header)) + body


class References:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.cases = []

    def add(self, name, extension, data, expected, source=None, **facts):
        """`source`: the image's name where several references have it."""
        file, values = f"{source or name}.{extension}", f"{name}.raw"
        expected = np.ascontiguousarray(expected)
        (self.folder / file).write_bytes(data)
        (self.folder / values).write_bytes(expected.tobytes())
        self.cases.append({"name": name, "file": file, "values": values, "dtype": str(expected.dtype), "shape": list(expected.shape), **facts})

    def end(self):
        lines = ",\n".join("  " + json.dumps(case) for case in self.cases)
        (self.folder / "references.json").write_text(f"[\n{lines}\n]\n")


EXACT = {"within": 0}
LOSSY = {"within": 1}


def decoding(references):
    rgb, grey, rgba = photo(), photo(channels=1, seed=2)[..., 0], photo(channels=4, seed=3)
    grey_alpha = photo(channels=2, seed=4)
    add = references.add
    png = lambda array, mode=None: encoded(Image.fromarray(array, mode), "PNG")
    add("png-grey", "png", png(grey), grey[..., None], method="decode", **EXACT)
    add("png-grey-alpha", "png", png(grey_alpha, "LA"), grey_alpha, method="decode", **EXACT)
    add("png-rgb", "png", png(rgb), rgb, method="decode", **EXACT)
    add("png-rgba", "png", png(rgba), rgba, method="decode", **EXACT)
    palette = Image.fromarray(rgb).quantize(64)
    data = encoded(palette, "PNG")
    add("png-palette", "png", data, opened(data, "RGB"), method="decode", **EXACT)
    bilevel = Image.fromarray(grey).convert("1")
    add("png-bilevel", "png", encoded(bilevel, "PNG"), np.asarray(bilevel.convert("L"))[..., None], method="decode", **EXACT)
    for name, array in {"tiff-grey": grey, "tiff-rgb": rgb, "tiff-rgba": rgba}.items():
        add(name, "tiff", encoded(Image.fromarray(array), "TIFF", compression="tiff_lzw"), np.atleast_3d(array), method="decode", **EXACT)
    data = encoded(palette, "GIF")
    add("gif", "gif", data, opened(data, "RGB"), method="decode", **EXACT)
    data = encoded(Image.fromarray(rgb), "JPEG", quality=90)
    add("jpeg-rgb", "jpg", data, opened(data), method="decode", **LOSSY)
    data = encoded(Image.fromarray(rgb), "JPEG", quality=85, subsampling=0, progressive=True)
    add("jpeg-progressive", "jpg", data, opened(data), method="decode", **LOSSY)
    data = encoded(Image.fromarray(grey), "JPEG", quality=90)
    add("jpeg-grey", "jpg", data, opened(data)[..., None], method="decode", **LOSSY)
    data = encoded(Image.fromarray(rgb), "WEBP", quality=85)
    add("webp-rgb", "webp", data, opened(data, "RGB"), method="decode", **LOSSY)
    data = encoded(Image.fromarray(rgba), "WEBP", lossless=True, exact=True)
    add("webp-rgba-lossless", "webp", data, opened(data, "RGBA"), method="decode", **LOSSY)
    data = encoded(Image.fromarray(rgb), "AVIF", quality=85)
    add("avif-rgb", "avif", data, opened(data, "RGB"), method="decode", mean=3)


def sixteen_bits(references):
    for name, channels in {"grey": 1, "grey-alpha": 2, "rgb": 3, "rgba": 4}.items():
        array = deep(channels, seed=10 + channels)
        references.add(f"png16-{name}", "png", deep_png(array), array, method="decode", **EXACT)
    grey = deep(1, seed=15)
    data = encoded(Image.fromarray(grey[..., 0]), "TIFF", compression="tiff_lzw")
    references.add("tiff16-grey", "tiff", data, grey, method="decode", **EXACT)
    rgba = deep(4, seed=14)
    tensor = np.moveaxis(rgba, -1, 0)[None]
    references.add("png16-rgba-tensor", "png", deep_png(rgba), tensor, method="preprocess", recipe={"dtype": "uint16", "alpha": "keep"}, source="png16-rgba", **EXACT)


def orientations(references):
    corner = photo(24, 16, seed=20)
    corner[:6, :6] = [255, 0, 0]
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        data = encoded(Image.fromarray(corner), "TIFF" if orientation % 2 else "PNG", exif=exif)
        image = Image.open(io.BytesIO(data))
        turned = np.asarray(ImageOps.exif_transpose(image))
        references.add(f"exif-{orientation}", "tiff" if orientation % 2 else "png", data, turned, method="decode", **EXACT)


def animation(references):
    frames = [Image.fromarray(photo(32, 24, seed=30 + frame)).quantize(48) for frame in range(3)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50, loop=0, disposal=1)
    image = Image.open(io.BytesIO(data))
    arrays = []
    for frame in range(image.n_frames):
        image.seek(frame)
        arrays.append(np.asarray(image.convert("RGB")))
    references.add("gif-first-frame", "gif", data, np.moveaxis(arrays[0], -1, 0)[None], method="preprocess", recipe={"dtype": "uint8"}, source="animated", **EXACT)
    recipe = {"dtype": "uint8", "frames": "all"}
    references.add("gif-all-frames", "gif", data, np.moveaxis(np.stack(arrays), -1, 1), method="preprocess", recipe=recipe, source="animated", **EXACT)


def colours(references):
    profile = cmyk_profile()
    inks = np.dstack([255 - photo(seed=40), photo(channels=1, seed=41) // 3])
    press = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    image = Image.fromarray(inks, "CMYK")
    screen = ImageCms.profileToProfile(image, press, ImageCms.createProfile("sRGB"), outputMode="RGB", renderingIntent=ImageCms.Intent.PERCEPTUAL)
    data = encoded(image, "TIFF", compression="tiff_lzw", icc_profile=profile)
    references.add("cmyk-tiff", "tiff", data, np.asarray(screen), method="decode", mean=2)
    data = encoded(image, "JPEG", quality=95, subsampling=0, icc_profile=profile)
    decoded = Image.open(io.BytesIO(data))
    screen = ImageCms.profileToProfile(decoded, press, ImageCms.createProfile("sRGB"), outputMode="RGB", renderingIntent=ImageCms.Intent.PERCEPTUAL)
    references.add("cmyk-jpeg", "jpg", data, np.asarray(screen), method="decode", mean=2)
    rgb, rgba = photo(seed=42), photo(channels=4, seed=43)
    luma = np.asarray(Image.fromarray(rgb).convert("L"))
    grey = {"dtype": "uint8", "colourSpace": "grey"}
    references.add("rgb-to-grey", "png", encoded(Image.fromarray(rgb), "PNG"), luma[None, None], method="preprocess", recipe=grey, **EXACT)
    references.add("alpha-removed", "png", encoded(Image.fromarray(rgba), "PNG"), rgba[None, ..., :3], method="preprocess", recipe={"dtype": "uint8", "layout": "NHWC"}, **EXACT)
    behind = Image.new("RGBA", (WIDTH, HEIGHT), "#ff8000")
    flat = np.asarray(Image.alpha_composite(behind, Image.fromarray(rgba)).convert("RGB"))
    recipe = {"dtype": "uint8", "layout": "NHWC", "alpha": {"background": "#ff8000"}}
    references.add("alpha-on-background", "png", encoded(Image.fromarray(rgba), "PNG"), flat[None], method="preprocess", recipe=recipe, **LOSSY)
    mean, std = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
    normal = ((rgb / 255 - mean) / std).astype(np.float32)
    recipe = {"mean": list(mean), "std": list(std)}
    references.add("normalised", "png", encoded(Image.fromarray(rgb), "PNG"), np.moveaxis(normal, -1, 0)[None], method="preprocess", recipe=recipe, within=1e-6)
    recipe = {"dtype": "float16", "invert": True, "layout": "NHWC"}
    half = ((255 - rgb.astype(np.float64)) / 255).astype(np.float16).view(np.uint16)
    references.add("inverted-half", "png", encoded(Image.fromarray(rgb), "PNG"), half[None], method="preprocess", recipe=recipe, bits="float16", **EXACT)


def resizes(references):
    """Pillow's filters by the names that recipes have for them; `fastShrinkOnLoad` off, since Pillow decodes whole images."""
    filters = {"linear": Image.Resampling.BILINEAR, "cubic": Image.Resampling.BICUBIC, "lanczos3": Image.Resampling.LANCZOS}
    large = Image.fromarray(photo(192, 144, seed=50))
    sources = {"png": encoded(large, "PNG"), "jpg": encoded(large, "JPEG", quality=92)}
    for name, pillow in filters.items():
        for extension, data in sources.items():
            image = Image.open(io.BytesIO(data))
            kernel = {"kernel": name, "fastShrinkOnLoad": False}
            stretched = np.asarray(image.resize((72, 60), pillow))
            recipe = {"dtype": "uint8", "resize": {"width": 72, "height": 60, "fit": "fill", **kernel}}
            references.add(f"resize-{name}-{extension}", extension, data, np.moveaxis(stretched, -1, 0)[None], method="preprocess", recipe=recipe, source="large", resized=True)
        image = Image.open(io.BytesIO(sources["png"]))
        middle = np.asarray(image.resize((96, 72), pillow))[4:68, 16:80]
        recipe = {"dtype": "uint8", "resize": {"shortestSide": 72, **kernel}, "crop": 64}
        references.add(f"crop-{name}", "png", sources["png"], np.moveaxis(middle, -1, 0)[None], method="preprocess", recipe=recipe, source="large", resized=True)
    # libvips lays what it enlarges half a pixel of the result aside.
    enlarged = np.asarray(Image.open(io.BytesIO(sources["png"])).resize((80, 60), Image.Resampling.BILINEAR).resize((160, 120), Image.Resampling.BICUBIC))
    small = encoded(Image.open(io.BytesIO(sources["png"])).resize((80, 60), Image.Resampling.BILINEAR), "PNG")
    recipe = {"dtype": "uint8", "resize": {"longestSide": 160, "kernel": "cubic"}}
    references.add("enlarge-cubic", "png", small, np.moveaxis(enlarged, -1, 0)[None], method="preprocess", recipe=recipe, mean=2)


def main(folder):
    Path(folder).mkdir(parents=True, exist_ok=True)
    references = References(folder)
    for group in (decoding, sixteen_bits, orientations, animation, colours, resizes):
        group(references)
    references.end()


if __name__ == "__main__":
    main(sys.argv[1])
