using Experiments.Contracts.Text;

namespace Experiments.Plugins.Worlds.Arithmetic;

/// <summary>Draws exercises of a world, either held-out ones or the others.</summary>
internal sealed class ExerciseSource(GenerateWorldOptions options, ulong seed)
{
    private const int Attempts = 200_000;

    /// <summary>
    /// Draws an exercise that is not held out. It is of the given kind, or of a kind drawn by the option
    /// <c>addition_share</c>.
    /// </summary>
    public Exercise Next(ref RandomStream random, bool? isAddition = null) => Draw(ref random, isHeldOut: false, isAddition);

    /// <summary>Draws different problems, all held out or all not held out.</summary>
    /// <exception cref="InvalidDataException">The options do not allow as many different problems.</exception>
    public IReadOnlyList<Problem> Distinct(int count, bool isHeldOut)
    {
        var random = new RandomStream(seed, isHeldOut ? "held-out problems" : "training problems");
        var prompts = new HashSet<string>(StringComparer.Ordinal);
        var problems = new List<Problem>();
        for (var failures = 0; problems.Count < count; failures++)
        {
            if (failures > Attempts)
            {
                throw new InvalidDataException($"Found only {problems.Count} different {(isHeldOut ? "held-out" : "training")} problems of {count}: "
                    + "ask for fewer, or raise addition_digits or chain_length.");
            }

            var exercise = Draw(ref random, isHeldOut, null);
            if (prompts.Add(exercise.Prompt))
            {
                problems.Add(exercise.ToProblem());
                failures = 0;
            }
        }

        return problems;
    }

    private Exercise Draw(ref RandomStream random, bool isHeldOut, bool? isAddition)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            Exercise exercise = isAddition ?? random.NextDouble() < options.AdditionShare
                ? Addition.Draw(options.AdditionDigits, ref random)
                : Chain.Draw(options.ChainLength, ref random);
            if (exercise.IsHeldOut(seed) == isHeldOut)
            {
                return exercise;
            }
        }

        throw new InvalidDataException($"No {(isHeldOut ? "held-out" : "training")} exercise exists: raise addition_digits or chain_length.");
    }
}
