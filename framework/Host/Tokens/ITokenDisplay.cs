using Experiments.Contracts.Text;

namespace Experiments.Host.Tokens;

/// <summary>Shows tokens and merges.</summary>
public interface ITokenDisplay
{
    /// <summary>Starts the output of a tokenizer. The calls that follow show its tokens.</summary>
    void Begin(string tokenizer, ITokenizer open);

    /// <summary>Shows a text's tokens.</summary>
    void Show(TokenizedText text);

    /// <summary>Shows how a text's pieces were merged.</summary>
    void Show(IReadOnlyList<TracedPiece> pieces, ITokenizer tokenizer);
}
