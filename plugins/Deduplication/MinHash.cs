using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Experiments.Contracts;

namespace Experiments.Plugins.Deduplication;

/// <summary>
/// Computes the MinHash signature of a text: for each of n random permutations, the smallest image among the hashes of
/// the text's shingles. Each number of two texts' signatures is equal with a probability that is the Jaccard similarity
/// of their shingles.
/// </summary>
/// <remarks>
/// It follows datatrove: a shingle's hash is the first 8 bytes of its SHA-1, and a permutation is (a·h + b mod 2^64)
/// mod (2^61 - 1). The constants a and b come from this project's own fixed random stream instead of NumPy's, so the
/// signatures are not interchangeable with datatrove's. A shingle is a run of consecutive words. Words are separated by
/// white space after <see cref="SimplifiedText"/>.
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

    /// <summary>
    /// Hashes the rows of a band to 64 bits. Two unequal bands get the same hash with a probability of about 10^-19.
    /// </summary>
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

            // Modulo 2^61 - 1: the bits above the 61st are added at the low end.
            image = (image & prime) + Vector.ShiftRightLogical(image, 61);
            image = Vector.ConditionalSelect(Vector.GreaterThanOrEqual(image, prime), image - prime, image);
            Vector.Min(image, new Vector<ulong>(signature[i..])).CopyTo(signature[i..]);
        }
    }
}
