using Experiments.Benchmarks;

// On a machine that does nothing else:
//   dotnet run -c Release --project tests/Benchmarks engine [TIMES]         what the engine costs, in whole processes
//   dotnet run -c Release --project tests/Benchmarks encode                 encoding, beside Microsoft.ML.Tokenizers and SharpToken
//   dotnet run -c Release --project tests/Benchmarks train-bpe [FILES]      training, beside sentencepiece
//   dotnet run -c Release --project tests/Benchmarks tokenizers [FILES]     the two above in one run
//   dotnet run -c Release --project tests/Benchmarks fuzz [STRINGS] [SEED]  pieces and ids against the published expressions and plain merges
//   dotnet run -c Release --project tests/Benchmarks train                  steps of training, beside plain TorchSharp and the processor's peak
//   dotnet run -c Release --project tests/Benchmarks decode [TIMES]         decoding, beside plain libtorch and the speed of the memory
//   dotnet run -c Release --project tests/Benchmarks models                 the two above in one run
switch (args)
{
    case ["engine"]:
        EngineBenchmark.Run(times: 20);
        return 0;
    case ["engine", var times]:
        EngineBenchmark.Run(Number(times));
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
        return TokenizerFuzz.Run(strings: numbers is [var count, ..] ? Number(count) : 10_000_000, seed: numbers is [_, var seed] ? Number(seed) : 1);
    case ["decode", .. var rounds]:
        DecodingBenchmark.Run(times: rounds is [var most] ? Number(most) : 6);
        return 0;
    case ["models"]:
        TrainingSpeed.Run();
        DecodingBenchmark.Run(times: 6);
        return 0;
    default:
        Console.Error.WriteLine("Benchmarks: engine [TIMES] | encode | train-bpe [FILES] | tokenizers [FILES] | fuzz [STRINGS] [SEED] | train | decode [TIMES] | models");
        return 2;
}

static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
