namespace Experiments.Plugins.Tokenizers.Tests.Training;

public sealed class PieceTableTests
{
    [Fact]
    public void PiecesThatDifferInOneByteAreTwo()
    {
        var table = new PieceTable();
        var different = 0;
        for (var length = 1; length < 40; length++)
        {
            for (var at = 0; at < length; at++)
            {
                for (var value = 1; value < 256; value++)
                {
                    var piece = new byte[length];
                    piece[at] = (byte)value;
                    table.Add(piece);
                    table.Add(piece, 2);
                    different++;
                }
            }
        }

        table.Count.ShouldBe(different);
        var pieces = PieceCounts.All(table.Sorted());
        pieces.Counts.ToArray().ShouldAllBe(count => count == 3);
    }

    [Fact]
    public void ThePiecesAreSortedByTheirBytes()
    {
        byte[][] pieces = [[], [0], [0, 0], [1], [1, 0, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0, 200], [200], [200, 1]];
        var table = new PieceTable();
        foreach (var piece in pieces.Reverse())
        {
            table.Add(piece);
        }

        var sorted = PieceCounts.All(table.Sorted());
        for (var i = 0; i < pieces.Length; i++)
        {
            sorted[i].ToArray().ShouldBe(pieces[i]);
        }
    }

    [Fact]
    public void AClearedTableCountsAnew()
    {
        var table = new PieceTable();
        table.Add("one"u8, 5);
        table.Clear();
        table.Add("one"u8);
        table.Count.ShouldBe(1);
        PieceCounts.All(table.Sorted()).Counts.ToArray().ShouldBe([1]);
    }
}
