using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Text;
using Experiments.Learning;
using Experiments.Learning.Decoding;
using Experiments.Learning.Processors;

namespace Experiments.Plugins.Inference;

/// <summary>Chats with a checkpoint on this machine's processor.</summary>
[Plugin("local")]
public sealed class LocalChatEngine : IChatEngine
{
    /// <inheritdoc/>
    public IChatSession Open(string checkpointFolder, IPluginSource plugins, int threads)
    {
        TorchRuntime.Start(threads, seed: 0);
        var trained = TrainedModel.Open(checkpointFolder, plugins);
        try
        {
            return new LocalChatSession(trained);
        }
        catch
        {
            trained.Dispose();
            throw;
        }
    }
}

/// <summary>A conversation with a model in this process; it owns the model.</summary>
internal sealed class LocalChatSession(TrainedModel trained) : IChatSession
{
    // An answer gets at least a fourth of the context, unless its maximum length is smaller. Older messages are
    // forgotten to make room for it.
    private const int ShareOfContext = 4;
    private readonly ChatTemplate _template = new(trained.Tokenizer);
    private readonly Decoder _decoder = new(trained.Model, trained.Tokenizer);

    /// <inheritdoc/>
    public int ForgottenMessages { get; private set; }

    /// <inheritdoc/>
    public IEnumerable<string> Reply(IReadOnlyList<Message> messages, SamplingOptions sampling, ulong seed, CancellationToken cancellationToken)
    {
        var prompt = Fit(messages, sampling.MaximumTokens);
        Validator.ValidateObject(sampling, new ValidationContext(sampling), validateAllProperties: true);
        return _decoder.StreamText(prompt, new() { Sampling = sampling, StopTokens = [_template.EndOfTurn] }, seed, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => trained.Dispose();

    /// <summary>
    /// The prompt, without the oldest messages where they leave no room for an answer. The kept messages are the
    /// leading system messages and a tail of the conversation. If messages were dropped, the tail begins with a user's
    /// message.
    /// </summary>
    private int[] Fit(IReadOnlyList<Message> messages, int maximumTokens)
    {
        var instructions = messages.TakeWhile(message => message.Role == Message.System).ToList();
        var room = trained.Model.ContextLength - Math.Min(maximumTokens, trained.Model.ContextLength / ShareOfContext);
        for (var first = instructions.Count; first < messages.Count; first++)
        {
            if (first > instructions.Count && messages[first].Role != Message.User)
            {
                continue;
            }

            var prompt = _template.RenderPrompt([.. instructions, .. messages.Skip(first)]);
            if (prompt.Length <= room)
            {
                ForgottenMessages = first - instructions.Count;
                return prompt;
            }
        }

        throw new InvalidDataException($"The last message leaves no room for an answer: the model's context is {trained.Model.ContextLength} tokens. Write a shorter one.");
    }
}
