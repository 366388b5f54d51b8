using System.Runtime.InteropServices;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Text;
using Experiments.Contracts.Torch;
using Experiments.Learning.Data;
using Experiments.Learning.Operations;
using static TorchSharp.torch;

namespace Experiments.Learning;

/// <summary>How well a model predicts text that it was not trained on.</summary>
/// <param name="Loss">The mean loss, end-of-text tokens included. Unit: nats per token.</param>
/// <param name="BitsPerByte">
/// The loss without end-of-text tokens, comparable between tokenizers. Unit: bits per UTF-8 byte.
/// </param>
/// <param name="Tokens">Number of predicted tokens.</param>
public sealed record HeldOutLoss(double Loss, double BitsPerByte, long Tokens);

/// <summary>Measures the loss on the validation part of token shards.</summary>
public static class HeldOut
{
    private const int WindowsAtOnce = 16;

    /// <summary>The loss on the validation part. Unit: bits per UTF-8 byte.</summary>
    /// <param name="model">The model with its tokenizer.</param>
    /// <param name="tokens">Shards made with the same tokenizer.</param>
    /// <param name="maximumTokens">Measures on this many of the first tokens.</param>
    public static double BitsPerByte(TrainedModel model, TokenShards tokens, long maximumTokens) =>
        Measure(model.Model, model.Tokenizer, tokens, maximumTokens).BitsPerByte;

    /// <summary>
    /// Measures the loss on the first tokens of the validation part, in consecutive windows of the model's context.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="tokenizer">Its tokenizer, which gives the bytes of each token.</param>
    /// <param name="tokens">Shards made with the same tokenizer.</param>
    /// <param name="maximumTokens">Measures on this many of the first tokens.</param>
    /// <exception cref="InvalidDataException">These tokens contain no text.</exception>
    public static HeldOutLoss Measure(LanguageModel model, ITokenizer tokenizer, TokenShards tokens, long maximumTokens)
    {
        using var windows = new TokenWindows(tokens, TokenShards.Validation, model.ContextLength);
        var device = model.parameters().First().device;
        int[] bytes = [.. Enumerable.Range(0, tokenizer.VocabularySize).Select(id => tokenizer.Bytes(id).Length)];
        var (nats, textNats, count, textBytes) = (0.0, 0.0, 0L, 0L);
        for (var first = 0; first < windows.Count && count < maximumTokens; first += WindowsAtOnce)
        {
            int[] rows = [.. Enumerable.Range(first, Math.Min(WindowsAtOnce, windows.Count - first))];
            foreach (var (loss, target) in Losses(model, device, windows.Read(rows)))
            {
                if (count < maximumTokens)
                {
                    count++;
                    nats += loss;
                    textNats += bytes[target] > 0 ? loss : 0;
                    textBytes += bytes[target];
                }
            }
        }

        return textBytes > 0
            ? new(nats / count, textNats / (Math.Log(2) * textBytes), count)
            : throw new InvalidDataException(
                $"{tokens.Folder}: no text in the first {maximumTokens} tokens of its validation part.");
    }

    private static (float Loss, int Target)[] Losses(LanguageModel model, Device device, TokenBatch batch)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var placed = batch.To(device);
        var losses = TokenLoss.Each(model, model.States(placed.Inputs).flatten(0, 1), placed.Targets.flatten()).cpu();
        var values = MemoryMarshal.Cast<byte, float>(losses.bytes);
        var ids = MemoryMarshal.Cast<byte, long>(batch.Targets.bytes);
        var pairs = new (float, int)[values.Length];
        for (var i = 0; i < pairs.Length; i++)
        {
            pairs[i] = (values[i], (int)ids[i]);
        }

        return pairs;
    }
}
