namespace Experiments.Plugins.Models.Tests.Import;

/// <summary>
/// Reads tokens as a text without their vocabulary: each id must stand for one piece, each piece for one id, and the pieces in order must be the text. Where a few hundred tokens
/// repeat a hundred ids, no other sequence fits.
/// </summary>
internal static class PieceAssignment
{
    private const int LongestPiece = 10;
    private const int FirstByte = 3; // llama2.c's vocabularies: three control tokens, then the 256 bytes

    public static bool Exists(int[] ids, string text) => Read(ids, 0, " " + text, 0, [], []);

    private static bool Read(int[] ids, int token, string text, int at, Dictionary<int, string> pieces, HashSet<string> used)
    {
        while (token < ids.Length && at < text.Length && (pieces.TryGetValue(ids[token], out var known) || AsByte(ids[token]) is { } single && (known = single) != null))
        {
            if (string.CompareOrdinal(text, at, known, 0, known.Length) != 0)
            {
                return false;
            }

            (token, at) = (token + 1, at + known.Length);
        }

        if (token == ids.Length || at == text.Length)
        {
            return token == ids.Length && at == text.Length;
        }

        for (var length = 1; length <= Math.Min(LongestPiece, text.Length - at); length++)
        {
            var piece = text.Substring(at, length);
            if (piece.LastIndexOf(' ') <= 0 && !piece.Contains('\n', StringComparison.Ordinal) && used.Add(piece))
            {
                pieces[ids[token]] = piece;
                if (Read(ids, token + 1, text, at + length, pieces, used))
                {
                    return true;
                }

                pieces.Remove(ids[token]);
                used.Remove(piece);
            }
        }

        return false;
    }

    private static string? AsByte(int id) => id < FirstByte + 256 ? ((char)(id - FirstByte)).ToString() : null;
}
