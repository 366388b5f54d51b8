using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Experiments.Contracts;

namespace Experiments.Plugins.Deduplication;

/// <summary>
/// Signatures of texts: for each of n random permutations the smallest image of a shingle. Two texts agree in a place with the probability of their
/// shingles' Jaccard similarity.
/// </summary>
/// <remarks>
/// As datatrove: a shingle's hash is the first 8 bytes of its SHA-1, the permutations are (a·h + b mod 2^64) mod (2^61 - 1). The constants a, b come from
/// a fixed stream of this project instead of NumPy's, so signatures are not interchangeable. Words are what white space separates after
/// <see cref="SimplifiedText"/>.
/// </remarks>
public sealed class MinHash
{
    private const ulong Prime = (1UL << 61) - 1;
    private readonly ulong[] _factors;
    private readonly ulong[] _summands;
    private readonly int _permutations;
    private readonly int _shingleWords;

    /// <summary>Draws the permutations.</summary>
    /// <param name="permutations">The length of a signature.</param>
    /// <param name="shingleWords">Words in a shingle.</param>
    public MinHash(int permutations, int shingleWords)
    {
        _permutations = permutations;
        _shingleWords = shingleWords;
        var lanes = Vector<ulong>.Count;
        var padded = (permutations + lanes - 1) / lanes * lanes;
        _factors = new ulong[padded];
        _summands = new ulong[padded];
        var random = new RandomStream(1, "minhash");
        for (var i = 0; i < permutations; i++)
        {
            _factors[i] = 1 + (random.NextUInt64() % (Prime - 1));
            _summands[i] = random.NextUInt64() % Prime;
        }
    }

    /// <summary>The signature of a text, or null when it is shorter than a shingle.</summary>
    public ulong[]? Signature(string text)
    {
        var words = SimplifiedText.Of(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < _shingleWords)
        {
            return null;
        }

        var signature = new ulong[_factors.Length];
        Array.Fill(signature, ulong.MaxValue);
        Span<byte> hash = stackalloc byte[20];
        for (var i = 0; i <= words.Length - _shingleWords; i++)
        {
            SHA1.HashData(Encoding.UTF8.GetBytes(string.Join(' ', words, i, _shingleWords)), hash);
            Lower(signature, BinaryPrimitives.ReadUInt64LittleEndian(hash));
        }

        return signature[.._permutations];
    }

    /// <summary>One number for some rows: 64 bits, so that unequal rows meet by chance once in 10^19.</summary>
    public static ulong Fold(ReadOnlySpan<ulong> rows)
    {
        var fold = 0UL;
        foreach (var row in rows)
        {
            fold = (BitOperations.RotateLeft(fold, 23) ^ row) * 0x9E3779B97F4A7C15;
            fold ^= fold >> 29;
        }

        return fold;
    }

    private void Lower(Span<ulong> signature, ulong shingle)
    {
        var prime = new Vector<ulong>(Prime);
        var value = new Vector<ulong>(shingle);
        for (var i = 0; i < signature.Length; i += Vector<ulong>.Count)
        {
            var image = (value * new Vector<ulong>(_factors, i)) + new Vector<ulong>(_summands, i);

            // mod 2^61 - 1: the high bits count once more at the low end.
            image = (image & prime) + Vector.ShiftRightLogical(image, 61);
            image = Vector.ConditionalSelect(Vector.GreaterThanOrEqual(image, prime), image - prime, image);
            Vector.Min(image, new Vector<ulong>(signature[i..])).CopyTo(signature[i..]);
        }
    }
}
