using Experiments.Contracts.Text;

namespace Experiments.Plugins.Worlds.Arithmetic;

/// <summary>A calculation with its true answer.</summary>
internal abstract record Exercise
{
    /// <summary>The kind of exercise: <c>addition</c> or <c>chain</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>The exact text of the question.</summary>
    public abstract string Prompt { get; }

    /// <summary>The true answer.</summary>
    public abstract string Answer { get; }

    /// <summary>The assistant's reply: the steps, if there are any, and the answer at the end.</summary>
    public abstract string Reply { get; }

    /// <summary>
    /// Sentence templates of a school book that work out exercises of this kind. Slots:
    /// <c>{prompt}, {task}, {answer}, {steps}</c>.
    /// </summary>
    public abstract string[] Shells { get; }

    /// <summary>The slots' values.</summary>
    public abstract IReadOnlyDictionary<string, string> Values { get; }

    /// <summary>
    /// The numbers that decide whether the exercise is held out. They are equal for exercises that a learner would see
    /// as the same.
    /// </summary>
    protected abstract long[] Operands { get; }

    /// <summary>
    /// Whether the exercise is held out. One in 16 is, chosen by a hash of the operands, so training and held-out
    /// exercises never need to be compared.
    /// </summary>
    public bool IsHeldOut(ulong seed) => new RandomStream(seed, "held-out " + Kind, Operands).NextUInt64() % 16 == 0;

    /// <summary>The exercise as a problem.</summary>
    public Problem ToProblem() => new(Prompt, Answer, Kind);
}

/// <summary>
/// A sum whose answer is written with the least significant digit first. In this order each digit depends only on
/// digits already seen, so a small model learns it; it hardly learns the usual order (Lee et al. 2023, Teaching
/// Arithmetic to Small Transformers). 347+158=505 is "505", 617+617=1234 is "4321".
/// </summary>
internal sealed record Addition(int Left, int Right) : Exercise
{
    private static readonly string[] Forms =
    [
        "[Here is|We begin with|Look at] the [line|sum|task] {prompt} {answer} which [was done|is written|comes out] from the ones upward.",
        "[Worked sum|Example|On the board]: {prompt} {answer} [as the class wrote it down|is what the slate shows|and nobody found a mistake].",
        "[What is|Can you do|How much is] {prompt} {answer} [says the book|is the right reply|was the answer of a quick pupil].",
        "{task}={answer} [when the ones are written first|in the order of the ones, then the tens|as we write it in this book].",
        "[The card said|The page asked|Somebody read out] {prompt} {answer} [was soon found|stood under the line|is the answer].",
        "[Try|Do|Solve] {prompt} {answer} [should appear on your page|must stand at the end|is what you want to see] [with the ones in front|if each carry was kept].",
        "[A harder one for the afternoon|Next comes|Then the teacher wrote] {prompt} {answer} [and that was right|with no help at all|after a short silence].",
        "[We know|It is clear|The reader can check] that {task}={answer} [from right to left|with the smallest place first].",
    ];

    public override string Kind => "addition";

    public override string Prompt => $"{Left}+{Right}=?";

    public override string Answer => field ??= new([.. (Left + Right).ToString().Reverse()]);

    public override string Reply => Answer;

    public override string[] Shells => Forms;

    public override IReadOnlyDictionary<string, string> Values =>
        new Dictionary<string, string> { ["prompt"] = Prompt, ["task"] = $"{Left}+{Right}", ["answer"] = Answer };

    protected override long[] Operands => [Math.Min(Left, Right), Math.Max(Left, Right)];

    /// <summary>
    /// Draws a sum whose operands have 1 to <paramref name="digits"/> digits, each length with the same probability.
    /// </summary>
    /// <remarks>
    /// If operands were drawn uniformly by value, 81 % of the sums of up to three digits would have two operands of
    /// three digits. Drawn by length, there are enough easy sums to learn the carry from.
    /// </remarks>
    public static Addition Draw(int digits, ref RandomStream random) => new(Operand(digits, ref random), Operand(digits, ref random));

    private static int Operand(int digits, ref RandomStream random)
    {
        var length = random.Next(1, digits + 1);
        var least = (int)Math.Pow(10, length - 1);
        return random.Next(length == 1 ? 0 : least, least * 10);
    }
}

/// <summary>
/// A chain of additions and multiplications modulo 10. A shallow model that does not write out the steps stays near
/// chance; one that does is always right (Li et al. 2024, Chain of Thought Empowers Transformers to Solve Inherently
/// Serial Problems).
/// </summary>
internal sealed record Chain(int Start, IReadOnlyList<(char Sign, int Operand)> Links) : Exercise
{
    private static readonly int[] Factors = [2, 3, 4, 6, 7, 8, 9];

    private static readonly string[] Forms =
    [
        "[Follow the chain|Here is a chain|Work along the row] {prompt} [The steps are|Step by step we get|The places are] {steps} [so the end is|and it ends at] {answer}.",
        "[On the board stands|The card shows|We read] {prompt} {steps} so {answer} [is what we keep|closes the row|was the reply].",
        "[The row|The list|The chain] {task} mod 10 [goes|runs|moves] {steps} [and stops at|with the end] {answer}.",
        "[Take|Try|Walk through] {prompt} {steps} so {answer} [stands at the end|is right|and no other digit will do].",
        "[Only the last figure counts in|Keep the ones alone for] {task} mod 10 [which gives|that is] {steps} [and at last|finally] {answer}.",
        "[Somebody asked for|One card asks for] {prompt} [We said|The class wrote] {steps} so {answer}.",
    ];

    public override string Kind => "chain";

    public override string Prompt => $"{Task} mod 10?";

    public override string Answer => Steps[^1].ToString();

    public override string Reply => $"{string.Join(' ', Steps)} so {Answer}";

    public override string[] Shells => Forms;

    public override IReadOnlyDictionary<string, string> Values =>
        new Dictionary<string, string> { ["prompt"] = Prompt, ["task"] = Task, ["steps"] = string.Join(' ', Steps), ["answer"] = Answer };

    protected override long[] Operands => [Start, .. Links.SelectMany(link => new long[] { link.Sign, link.Operand })];

    private string Task => $"{Start} {string.Join(' ', Links.Select(link => $"{link.Sign}{link.Operand}"))}";

    private int[] Steps
    {
        get
        {
            if (field is null)
            {
                var value = Start;
                field = [.. Links.Select(link => value = (link.Sign == '+' ? value + link.Operand : value * link.Operand) % 10)];
            }

            return field;
        }
    }

    /// <summary>
    /// Draws a chain. Factors are 2 to 9 without 5: after a multiplication by 5, only the parity of the value would be
    /// left.
    /// </summary>
    public static Chain Draw(int length, ref RandomStream random)
    {
        var links = new (char, int)[length];
        var start = random.Next(10);
        for (var i = 0; i < length; i++)
        {
            links[i] = random.Next(2) == 0 ? ('+', random.Next(1, 10)) : ('*', random.Pick(Factors));
        }

        return new(start, links);
    }
}
