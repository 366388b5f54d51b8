using Experiments.Benchmarks;

// Run these on an idle machine: dotnet run -c Release --project tests/Benchmarks COMMAND
//   engine [TIMES]         cost of the engine, with whole processes
//   side-by-side [TIMES]   what two runs on one machine cost each other, by how libgomp waits
//   encode                 encoding, compared with Microsoft.ML.Tokenizers and SharpToken
//   train-bpe [FILES]      tokenizer training, compared with sentencepiece
//   tokenizers [FILES]     encode and train-bpe
//   fuzz [STRINGS] [SEED]  pieces and ids, compared with the published expressions and plain merges
//   recipes [COUNT] [SEED] damaged recipes: each is right or has placed problems
//   train                  training steps, compared with plain TorchSharp and the processor's peak
//   decode [TIMES]         decoding, compared with plain libtorch and the memory's speed
//   models                 train and decode
//   kills [COUNT] [SEED]   random kills of real processes, up to three hosts on one store; fails if anything was lost
//   damage [COUNT] [SEED]  random damage to stores, then random commands; fails at a stack trace, a hang or a loss
switch (args)
{
    case ["engine"]:
        EngineBenchmark.Run(times: 20);
        return 0;
    case ["engine", var times]:
        EngineBenchmark.Run(Number(times));
        return 0;
    case ["side-by-side"]:
        SideBySideBenchmark.Run(Checkout.Root, times: 3);
        return 0;
    case ["side-by-side", var repeats]:
        SideBySideBenchmark.Run(Checkout.Root, Number(repeats));
        return 0;
    case ["encode"]:
        EncodingBenchmark.Run();
        return 0;
    case ["train-bpe", .. var texts]:
        TrainingBenchmark.Run(texts);
        return 0;
    case ["tokenizers", .. var texts]:
        EncodingBenchmark.Run();
        TrainingBenchmark.Run(texts);
        return 0;
    case ["train"]:
        TrainingSpeed.Run();
        return 0;
    case ["fuzz", .. var numbers]:
        return TokenizerFuzz.Run(
            strings: numbers is [var count, ..] ? Number(count) : 10_000_000,
            seed: numbers is [_, var seed] ? Number(seed) : 1);
    case ["recipes", .. var numbers]:
        return RecipeFuzzing.Run(
            recipes: numbers is [var damaged, ..] ? Number(damaged) : 100_000,
            seed: numbers is [_, var first] ? Number(first) : 1);
    case ["decode", .. var rounds]:
        DecodingBenchmark.Run(times: rounds is [var most] ? Number(most) : 6);
        return 0;
    case ["models"]:
        TrainingSpeed.Run();
        DecodingBenchmark.Run(times: 6);
        return 0;
    case ["kills", .. var numbers]:
        return await KillsBenchmark.RunAsync(
            count: numbers is [var kills, ..] ? Number(kills) : 300,
            seed: numbers is [_, var chosen] ? Number(chosen) : 1);
    case ["damage", .. var numbers]:
        return await DamageBenchmark.RunAsync(
            count: numbers is [var cases, ..] ? Number(cases) : 1000,
            seed: numbers is [_, var picked] ? Number(picked) : 1);
    default:
        Console.Error.WriteLine("Benchmarks: engine [TIMES] | side-by-side [TIMES] | encode | train-bpe [FILES] | tokenizers [FILES] | fuzz [STRINGS] [SEED] | recipes [COUNT] [SEED] | train | decode [TIMES] | models | kills [COUNT] [SEED] | damage [COUNT] [SEED]");
        return 2;
}

static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
