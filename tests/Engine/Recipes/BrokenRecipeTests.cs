namespace Experiments.Engine.Tests.Recipes;

public sealed class BrokenRecipeTests : IDisposable
{
    private readonly RecipeBench _bench = new();

    /// <summary>Each broken recipe with its exact message.</summary>
    public static TheoryData<string, string, string> Broken => new()
    {
        {
            "unknown recipe key",
            "nmae: x\nstages: { a: { use: write-lines } }",
            "r.yaml(1,1): no recipe key 'nmae'. Did you mean 'name'? Keys: name, extends, seed, vars, plugins, tracking, stages, profiles, sweep, secrets."
        },
        {
            "no stages",
            "name: x",
            "r.yaml(1,1): a recipe needs at least one stage: 'stages' wants a mapping of stage names to { use: NAME, inputs: ..., with: ... }."
        },
        {
            "not a mapping",
            "- a\n- b",
            "r.yaml(1,1): a recipe is a mapping with the keys name, extends, seed, vars, plugins, tracking, stages, profiles, sweep, secrets, not a list of 2."
        },
        {
            "empty file",
            "",
            "r.yaml(1,1): a recipe is a mapping with the keys name, extends, seed, vars, plugins, tracking, stages, profiles, sweep, secrets, not an empty value."
        },
        {
            "syntax",
            "stages:\n  a: { use: write-lines\n",
            "r.yaml(3,1): invalid YAML: While parsing a flow mapping, did not find expected ',' or '}'."
        },
        {
            "tab",
            "stages:\n\ta: { use: write-lines }\n",
            "r.yaml(2,1): invalid YAML: While scanning a mapping, found invalid tab as indentation."
        },
        {
            "duplicate key",
            "stages:\n  a: { use: write-lines, use: clean }",
            "r.yaml(2,26): the key 'use' appears twice. Keep one of the two."
        },
        {
            "depth",
            new string('[', 1000),
            "r.yaml(1,101): invalid YAML: more than 100 levels of nesting."
        },
        {
            "tag",
            "stages:\n  a: { use: !!str write-lines }",
            "r.yaml(2,13): the tag 'tag:yaml.org,2002:str' has no meaning in a recipe. An option's type decides how its value is read."
        },
        {
            "unknown alias",
            "stages:\n  a: *b",
            "r.yaml(2,6): no anchor '&b' before this alias."
        },
        {
            "second document",
            "stages: { a: { use: write-lines } }\n---\nstages: {}",
            "r.yaml(2,1): a second YAML document begins here. A recipe is one document."
        },
        {
            "bad name",
            "name: a b\nstages: { a: { use: write-lines } }",
            "r.yaml(1,7): 'name' wants letters, digits, '-', '_' and '.', because folders are named after it, not 'a b'."
        },
        {
            "empty name",
            "name: ''\nstages: { a: { use: write-lines } }",
            "r.yaml(1,7): 'name' wants letters, digits, '-', '_' and '.', because folders are named after it, not ''."
        },
        {
            "name of the store",
            "name: artifacts\nstages: { a: { use: write-lines } }",
            "r.yaml(1,7): the name 'artifacts' is taken: the folder of runs has a folder of that name for other things. Choose another name."
        },
        {
            "bad seed",
            "seed: -1\nstages: { a: { use: write-lines } }",
            "r.yaml(1,7): 'seed' wants a whole number, 0 to 18446744073709551615, not '-1'."
        },
        {
            "stage name",
            "stages: { Write_It: { use: write-lines } }",
            "r.yaml(1,11): stage 'Write_It': a stage's name is kebab-case: lower-case letters, digits and '-', a letter first."
        },
        {
            "stage is text",
            "stages: { a: write-lines }",
            "r.yaml(1,14): stage 'a' wants a mapping with the keys use, foreach, inputs, with, run, expect, not 'write-lines'."
        },
        {
            "no use",
            "stages:\n  a: { with: { count: 1 } }",
            "r.yaml(2,3): stage 'a': 'use' is missing. Stage plugins: clean, compare, split, train, write-lines."
        },
        {
            "unknown stage plugin",
            "stages:\n  a:\n    use: write-line",
            "r.yaml(3,10): stage 'a': no stage plugin 'write-line'. Did you mean 'write-lines'? Stage plugins: clean, compare, split, train, write-lines."
        },
        {
            "unknown stage key",
            "stages:\n  a: { use: write-lines, wiht: {} }",
            "r.yaml(2,26): stage 'a': no stage key 'wiht'. Did you mean 'with'? Keys: use, foreach, inputs, with, run, expect."
        },
        {
            "unknown option",
            "stages:\n  a:\n    use: write-lines\n    with:\n      cuont: 3",
            "r.yaml(5,7): stage 'a': no option 'cuont'. Did you mean 'count'? Options: count, text."
        },
        {
            "unknown option of a nested plugin",
            "stages:\n  a:\n    use: clean\n    inputs: { documents: file:data/* }\n    with:\n      steps:\n        - { use: word-count, min_word: 3 }",
            "r.yaml(7,30): stage 'a', filter 'word-count': no option 'min_word'. Did you mean 'min_words'? Options: min_words, max_words."
        },
        {
            "plugin without options",
            "stages:\n  a: { use: clean, inputs: { documents: file:data/* }, with: { steps: [{ use: nothing, at: all }] } }",
            "r.yaml(2,88): stage 'a', filter 'nothing': no option 'at'. The filter 'nothing' has no options."
        },
        {
            "wrong type",
            "stages:\n  a: { use: write-lines, with: { count: many } }",
            "r.yaml(2,41): stage 'a': option 'count' wants a whole number, 0 to 1000000, not 'many'."
        },
        {
            "fraction for a whole number",
            "stages:\n  a: { use: write-lines, with: { count: 1.5 } }",
            "r.yaml(2,41): stage 'a': option 'count' wants a whole number, 0 to 1000000, not '1.5'."
        },
        {
            "out of range",
            "stages:\n  a: { use: write-lines, with: { count: -1 } }",
            "r.yaml(2,41): stage 'a': option 'count' wants a whole number, 0 to 1000000, not '-1'."
        },
        {
            "nothing for text",
            "stages:\n  a: { use: write-lines, with: { text: ~ } }",
            "r.yaml(2,40): stage 'a': option 'text' wants text, not an empty value."
        },
        {
            "list for text",
            "stages:\n  a: { use: write-lines, with: { text: [a, b] } }",
            "r.yaml(2,40): stage 'a': option 'text' wants text, not a list of 2."
        },
        {
            "missing option of a nested plugin",
            "stages:\n  a: { use: clean, inputs: { documents: file:data/* }, with: { steps: [language] } }",
            "r.yaml(2,72): stage 'a', filter 'language': the option 'keep' is missing. It wants a list (each text), at least 1 item."
        },
        {
            "empty list",
            "stages:\n  a: { use: clean, inputs: { documents: file:data/* }, with: { steps: [{ use: language, keep: [] }] } }",
            "r.yaml(2,95): stage 'a', filter 'language': option 'keep' wants a list (each text), at least 1 item, not an empty list."
        },
        {
            "wrong item",
            "stages:\n  a: { use: clean, inputs: { documents: file:data/* }, with: { steps: [{ use: language, keep: [en, {}] }] } }",
            "r.yaml(2,100): stage 'a', filter 'language': option 'keep[1]' wants text, not a mapping."
        },
        {
            "plugin without use",
            "stages:\n  a: { use: clean, inputs: { documents: file:data/* }, with: { steps: [{ keep: [en] }] } }",
            "r.yaml(2,72): stage 'a': option 'steps[0]' wants a filter (language, nothing, word-count): its name, or { use: NAME, ... }, not a mapping without 'use'."
        },
        {
            "unknown nested plugin",
            "stages:\n  a: { use: clean, inputs: { documents: file:data/* }, with: { steps: [langauge] } }",
            "r.yaml(2,72): stage 'a': no filter 'langauge'. Did you mean 'language'? Filters: language, nothing, word-count."
        },
        {
            "record contradicts itself",
            "stages:\n  a: { use: clean, inputs: { documents: file:data/* }, with: { steps: [{ use: word-count, min_words: 9, max_words: 3 }] } }",
            "r.yaml(2,72): stage 'a', filter 'word-count': min_words (9) is more than max_words (3)."
        },
        {
            "nested record",
            "stages:\n  a: { use: clean, inputs: { documents: file:data/* }, with: { sampling: { rate: 2, limits: 3 } } }",
            "r.yaml(2,82): stage 'a', option 'sampling': option 'rate' wants a number, 0 to 1, not '2'.\nr.yaml(2,85): stage 'a', option 'sampling': no option 'limits'. Did you mean 'limit'? Options: rate, limit."
        },
        {
            "duration",
            "stages:\n  a: { use: clean, inputs: { documents: file:data/* }, with: { time_limit: 30 } }",
            "r.yaml(2,76): stage 'a': option 'time_limit' wants a duration such as 500ms, 90s, 5m, 2h or 1d, not '30'."
        },
        {
            "dictionary value",
            "stages:\n  a: { use: clean, inputs: { documents: file:data/* }, with: { mixture: { web: lots } } }",
            "r.yaml(2,80): stage 'a': option 'mixture.web' wants a number, not 'lots'."
        },
        {
            "missing required plugin, enum and allowed values",
            Train("{ optimizer: adam }") + "\n  other: " + Train("{ model: { use: gpt, activation: tanh, width: 100, dropout: 1 } }")[13..],
            "r.yaml(2,86): stage 't': the option 'model' is missing. It wants a model (bigram, gpt).\nr.yaml(2,99): stage 't': no optimizer 'adam'. Did you mean 'adamw'? Optimizers: adamw, sgd.\nr.yaml(3,123): stage 'other', model 'gpt': option 'activation' wants one of gelu, squared-relu, not 'tanh'.\nr.yaml(3,136): stage 'other', model 'gpt': option 'width' wants a whole number, one of 64, 128, 256, not '100'.\nr.yaml(3,150): stage 'other', model 'gpt': option 'dropout' wants a number, at least 0 and less than 1, not '1'."
        },
        {
            "run settings",
            "stages:\n  a: { use: write-lines, run: { thread: 2, checkpoint: { every: soon, keep: 0 } } }",
            "r.yaml(2,33): stage 'a', run: no option 'thread'. Did you mean 'threads'? Options: threads, memory_gb, parallel, checkpoint.\nr.yaml(2,65): stage 'a', run, option 'checkpoint': option 'every' wants a duration such as 500ms, 90s, 5m, 2h or 1d, not 'soon'.\nr.yaml(2,77): stage 'a', run, option 'checkpoint': option 'keep' wants a whole number, 1 to 1000, not '0'."
        },
        {
            "a checkpoint without a pause",
            "stages:\n  a: { use: write-lines, run: { checkpoint: { every: 0s } } }",
            "r.yaml(2,45): stage 'a', run, option 'checkpoint': 'every' must be at least 1ms, which saves at every opportunity. A checkpoint takes time: 1m or more suits most stages."
        },
        {
            "expectation",
            "stages:\n  a: { use: write-lines, expect: { lines: small } }",
            "r.yaml(2,43): stage 'a': metric 'lines' wants a condition: \"< 3.2\", \"<= 3.2\", \"> 0.5\", \">= 0.5\", \"== 1\" or \"0.5..0.9\", not 'small'."
        },
        {
            "missing input",
            "stages:\n  a: { use: clean }",
            "r.yaml(2,3): stage 'a': the input 'documents' is missing. It wants sources of Documents: STAGE, STAGE.PART, file:PATTERN or a list of these."
        },
        {
            "unknown input",
            "stages:\n  a: { use: clean, inputs: { documents: file:data/*, dokuments: b } }",
            "r.yaml(2,54): stage 'a': no input 'dokuments'. Did you mean 'documents'? Inputs: documents."
        },
        {
            "unknown stage",
            "stages:\n  lines: { use: write-lines }\n  a: { use: clean, inputs: { documents: lnies } }",
            "r.yaml(3,41): stage 'a': input 'documents': no stage 'lnies'. Did you mean 'lines'? Stages: lines. Files are written file:PATTERN."
        },
        {
            "no file",
            "stages:\n  a: { use: clean, inputs: { documents: file:data/*.gz } }",
            "r.yaml(2,41): stage 'a': input 'documents': no file matches 'data/*.gz'. Patterns may use *, ? and **. Relative patterns start at the working directory, ROOT."
        },
        {
            "wrong artifact type",
            "stages:\n  lines: { use: write-lines }\n  a: { use: compare, inputs: { models: { x: lines } } }",
            "r.yaml(3,45): stage 'a': input 'models.x' wants Checkpoint, but 'lines' gives Documents."
        },
        {
            "list for one",
            "stages:\n  lines: { use: write-lines }\n  a: { use: split, inputs: { documents: [lines, lines] } }",
            "r.yaml(3,41): stage 'a': input 'documents' wants one source of Documents: STAGE, STAGE.PART or file:PATTERN, not a list of 2."
        },
        {
            "one for a mapping",
            "stages:\n  lines: { use: write-lines }\n  a: { use: compare, inputs: { models: lines } }",
            "r.yaml(3,40): stage 'a': input 'models' wants a mapping of names to sources of Checkpoint: { NAME: STAGE }, STAGE.PART or file:PATTERN, not 'lines'."
        },
        {
            "unknown part",
            "stages:\n  lines: { use: write-lines }\n  s: { use: split, inputs: { documents: lines } }\n  a: { use: clean, inputs: { documents: s.tarin } }",
            "r.yaml(4,41): stage 'a': input 'documents': stage 's' has no part 'tarin'. Did you mean 'train'? Parts: train, words, summary."
        },
        {
            "part of one artifact",
            "stages:\n  lines: { use: write-lines }\n  a: { use: clean, inputs: { documents: lines.all } }",
            "r.yaml(3,41): stage 'a': input 'documents': stage 'lines' makes one artifact, without parts: write 'lines', not 'lines.all'."
        },
        {
            "no part fits",
            "stages:\n  lines: { use: write-lines }\n  s: { use: split, inputs: { documents: lines } }\n  a: { use: compare, inputs: { models: { m: s } } }",
            "r.yaml(4,45): stage 'a': input 'models.m' wants Checkpoint, but 's' gives Documents (s.train), Tokenizer (s.words), Report (s.summary)."
        },
        {
            "files of no type",
            "stages:\n  a: { use: compare, inputs: { models: { m: file:data/* }, others: file:data/* } }",
            "r.yaml(2,68): stage 'a': input 'others' takes only outputs of stages, STAGE or STAGE.PART, because files do not have an artifact type."
        },
        {
            "circle",
            "stages:\n  a: { use: clean, inputs: { documents: b } }\n  b: { use: clean, inputs: { documents: [c, a] } }\n  c: { use: write-lines }",
            "r.yaml(3,45): stages read each other in a cycle: a <- b <- a. One of them must read something else."
        },
        {
            "reads itself",
            "stages:\n  a: { use: clean, inputs: { documents: a } }",
            "r.yaml(2,41): stages read each other in a cycle: a <- a. One of them must read something else."
        },
        {
            "unknown variable",
            "vars: { vocab: 1 }\nstages:\n  a: { use: write-lines, with: { count: $(vars.vocb) } }",
            "r.yaml(3,41): no variable 'vocb'. Did you mean 'vocab'? Variables: vocab."
        },
        {
            "unknown value",
            "stages:\n  a: { use: write-lines, with: { count: $(vocab) } }",
            "r.yaml(2,41): no value 'vocab'. Values: vars.NAME, env.NAME, seed, name."
        },
        {
            "unset environment",
            "stages:\n  a: { use: write-lines, with: { text: $(env.NOWHERE) } }",
            "r.yaml(2,40): the environment variable 'NOWHERE' is not set. Set it, or give a default: $(env.NOWHERE, default)."
        },
        {
            "variables in a circle",
            "vars: { x: $(vars.y), y: $(vars.x) }\nstages:\n  a: { use: write-lines, with: { count: $(vars.x) } }",
            "r.yaml(1,12): values refer to each other in a cycle: vars.y -> vars.x -> vars.y. One of them needs a value of its own."
        },
        {
            "list inside text",
            "vars: { x: [1] }\nstages:\n  a: { use: write-lines, with: { text: \"a $(vars.x)\" } }",
            "r.yaml(3,40): '$(vars.x)' is a list of 1 and cannot be inserted into a text. Only single values can."
        },
        {
            "open parenthesis",
            "stages:\n  a:\n    use: write-lines\n    with: { text: \"a $(vars.x\" }",
            "r.yaml(4,19): 'a $(vars.x': a $( without its closing parenthesis. Write $(NAME) or $(NAME, default); $$( stands for $(."
        },
        {
            "missing base",
            "extends: [base.yaml]\nstages: { a: { use: write-lines } }",
            "r.yaml(1,11): the recipe 'base.yaml' cannot be read: no such file, or no access."
        },
        {
            "extends itself",
            "extends: r.yaml\nstages: { a: { use: write-lines } }",
            "r.yaml(1,10): recipes extend each other in a cycle: r.yaml -> r.yaml."
        },
        {
            "profile key",
            "profiles: { smoke: { sede: 3 } }\nstages: { a: { use: write-lines } }",
            "r.yaml(1,22): profile 'smoke': no profile key 'sede'. Did you mean 'seed'? Keys: name, seed, vars, plugins, tracking, stages, sweep."
        },
        {
            "tracking",
            "tracking: { url: x }\nstages: { a: { use: write-lines } }",
            "r.yaml(1,13): tracking: no option 'url'. Did you mean 'uri'? Options: tracker, uri, experiment, system_metrics_every."
        },
        {
            "tracker",
            "tracking: { tracker: note }\nstages: { a: { use: write-lines } }",
            "r.yaml(1,22): tracking: no tracker 'note'. Did you mean 'notes'? Trackers: mlflow, notes."
        },
        {
            "option of a tracker",
            "tracking: { tracker: { use: notes, fiel: x } }\nstages: { a: { use: write-lines } }",
            "r.yaml(1,36): tracking, tracker 'notes': no option 'fiel'. Did you mean 'file'? Options: file."
        },
        {
            "second of two nested plugins",
            "stages:\n  a:\n    use: clean\n    inputs: { documents: file:data/* }\n    with:\n      steps:\n        - word-count\n        - use: language\n          keep: [en]\n          min_score: high\n        - { use: word-count, min_words: 9, max_words: 3 }\n        - nohting",
            "r.yaml(10,22): stage 'a', filter 'language': option 'min_score' wants a number, 0 to 1, not 'high'.\nr.yaml(11,11): stage 'a', filter 'word-count': min_words (9) is more than max_words (3).\nr.yaml(12,11): stage 'a': no filter 'nohting'. Did you mean 'nothing'? Filters: language, nothing, word-count."
        },
        {
            "nested plugin out of a variable",
            "vars:\n  filter: { use: language, keep: [en], score: 1 }\nstages:\n  a: { use: clean, inputs: { documents: file:data/* }, with: { steps: [$(vars.filter)] } }",
            "r.yaml(2,40): stage 'a', filter 'language': no option 'score'. Options: keep, min_score."
        },
        {
            "number for a nested plugin",
            "stages:\n  a: { use: clean, inputs: { documents: file:data/* }, with: { steps: [{ use: [language] }, 3] } }",
            "r.yaml(2,72): stage 'a': option 'steps[0]' wants a filter (language, nothing, word-count): its name, or { use: NAME, ... }, not a list of 1.\nr.yaml(2,93): stage 'a': no filter '3'. Filters: language, nothing, word-count."
        },
        {
            "mapping for a list of nested plugins",
            "stages:\n  a: { use: clean, inputs: { documents: file:data/* }, with: { steps: { use: language, keep: [en] } } }",
            "r.yaml(2,71): stage 'a': option 'steps' wants a list (each a filter), not a mapping."
        },
        {
            "profiles are no mapping",
            "profiles: [smoke]\nstages: { a: { use: write-lines } }",
            "r.yaml(1,11): 'profiles' wants a mapping of names to parts of a recipe, not a list of 1."
        },
        {
            "profile is no mapping",
            "profiles: { smoke: 3 }\nstages: { a: { use: write-lines } }",
            "r.yaml(1,20): profile 'smoke' wants a mapping with the keys name, seed, vars, plugins, tracking, stages, sweep, not '3'."
        },
        {
            "extends in a profile",
            "profiles: { smoke: { extends: x.yaml } }\nstages: { a: { use: write-lines } }",
            "r.yaml(1,22): profile 'smoke': no profile key 'extends'. Keys: name, seed, vars, plugins, tracking, stages, sweep."
        },
        {
            "variables are no mapping",
            "vars: [1]\nstages: { a: { use: write-lines } }",
            "r.yaml(1,7): 'vars' wants a mapping of names to values, not a list of 1."
        },
        {
            "extends is no path",
            "extends: [{ a: b }]\nstages: { a: { use: write-lines } }",
            "r.yaml(1,11): 'extends' wants the path of a recipe, or a list of paths, not a mapping."
        },
        {
            "extends a folder",
            "extends: data\nstages: { a: { use: write-lines } }",
            "r.yaml(1,10): 'data' is a folder, not a recipe."
        },
        {
            "foreach is no mapping",
            "stages:\n  a: { use: write-lines, foreach: [1, 2] }",
            "r.yaml(2,35): stage 'a': 'foreach' wants a mapping of names to values, { NAME: [VALUE, ...] }, not a list of 2."
        },
        {
            "foreach without names",
            "stages:\n  a: { use: write-lines, foreach: {} }",
            "r.yaml(2,35): stage 'a': 'foreach' wants a mapping of names to values, { NAME: [VALUE, ...] }, not an empty mapping."
        },
        {
            "foreach over one value",
            "stages:\n  a: { use: write-lines, foreach: { x: 1 } }",
            "r.yaml(2,40): stage 'a': foreach 'x' wants a list of values, a mapping of names to values or file:PATTERN, not '1'."
        },
        {
            "foreach over nothing",
            "vars: { all: [] }\nstages:\n  a: { use: write-lines, foreach: { x: $(vars.all) } }\n  b: { use: clean, inputs: { documents: [a, a.part, a-1] } }",
            "r.yaml(1,14): stage 'a': foreach 'x' has no value, so there would be no 'a' at all."
        },
        {
            "foreach over no file",
            "stages:\n  a: { use: write-lines, foreach: { x: ['file:data/*.txt', 'file:data/*.gz'] } }",
            "r.yaml(2,60): stage 'a': foreach 'x': no file matches 'data/*.gz'. Patterns may use *, ? and **. Relative patterns start at the working directory, ROOT."
        },
        {
            "foreach values that share a name",
            "stages:\n  a: { use: write-lines, foreach: { x: [0.1, 2, 0-1, 2] } }",
            "r.yaml(2,49): stage 'a': foreach 'x': '0.1' and '0-1' would each be stage 'a-0-1'. Name the values: x: { NAME: VALUE, ... }.\nr.yaml(2,54): stage 'a': foreach 'x': '2' and '2' would each be stage 'a-2'. Name the values: x: { NAME: VALUE, ... }."
        },
        {
            "foreach value without a name",
            "stages:\n  a: { use: write-lines, foreach: { x: [{ y: 1 }, '***'] } }",
            "r.yaml(2,51): stage 'a': foreach 'x': a mapping and '***' cannot be part of a stage's name. Name the values: x: { NAME: VALUE, ... }."
        },
        {
            "instance named like a stage",
            "stages:\n  a: { use: write-lines, foreach: { x: [1] } }\n  a-1: { use: write-lines }",
            "r.yaml(3,3): two stages are named 'a-1', at least one of them by 'foreach'. Rename a stage, or name the values: { NAME: VALUE, ... }."
        },
        {
            "instances that share a name",
            "stages:\n  a: { use: write-lines, foreach: { x: [b, b-c], y: [c-d, d] } }",
            "r.yaml(2,3): two stages are named 'a-b-c-d', at least one of them by 'foreach'. Rename a stage, or name the values: { NAME: VALUE, ... }."
        },
        {
            "unknown name of foreach",
            "stages:\n  a: { use: write-lines, foreach: { crawl: [1, 2] }, with: { text: $(each.crwal) } }",
            "r.yaml(2,68): no name of 'foreach' 'crwal'. Did you mean 'crawl'? Names: crawl."
        },
        {
            "unknown key of a foreach value",
            "stages:\n  a: { use: write-lines, foreach: { size: { s: { width: 1 } } }, with: { count: $(each.size.witdh) } }",
            "r.yaml(2,81): no name of 'foreach' 'size.witdh'. Did you mean 'size.width'? Names: size.width."
        },
        {
            "each outside foreach",
            "vars: { x: $(each.x) }\nstages:\n  a: { use: write-lines, foreach: { x: [1] }, with: { text: $(vars.x) } }\n  b: { use: write-lines, with: { text: $(slug.x) } }",
            "r.yaml(1,12): 'each.x' is only defined inside a stage with 'foreach', and not in the value of a variable.\nr.yaml(4,40): 'slug.x' is only defined inside a stage with 'foreach', and not in the value of a variable."
        },
        {
            "foreach out of a variable",
            "vars: { stage: { use: write-lines, foreach: { x: [1] } } }\nstages:\n  a: $(vars.stage)",
            "r.yaml(1,36): stage 'a': 'foreach' must be written in the stage itself, not in a variable that holds the stage."
        },
        {
            "group for one input",
            "stages:\n  a: { use: write-lines, foreach: { x: [1, 2] } }\n  s: { use: split, inputs: { documents: a } }",
            "r.yaml(3,41): stage 's': input 'documents' takes one source, but 'a' means 2: a-1, a-2. Name one of them."
        },
        {
            "part of a group for one input",
            "stages:\n  a: { use: split, foreach: { x: [1, 2] }, inputs: { documents: file:data/* } }\n  s: { use: split, inputs: { documents: a.train } }",
            "r.yaml(3,41): stage 's': input 'documents' takes one source, but 'a.train' means 2: a-1.train, a-2.train. Name one of them."
        },
        {
            "group of another type",
            "stages:\n  a: { use: write-lines, foreach: { x: [1, 2] } }\n  c: { use: compare, inputs: { models: a } }",
            "r.yaml(3,40): stage 'c': input 'models.1' wants Checkpoint, but 'a-1' gives Documents.\nr.yaml(3,40): stage 'c': input 'models.2' wants Checkpoint, but 'a-2' gives Documents."
        },
        {
            "labels that share a name",
            "stages:\n  m: { use: train, foreach: { x: [1, 2] }, inputs: { documents: file:data/*, tokenizer: file:data/* }, with: { model: gpt } }\n  c: { use: compare, inputs: { models: { m-2: m-2, m: m } } }",
            "r.yaml(3,52): stage 'c': input 'models': two sources are named 'm-2'. Rename one of them."
        },
        {
            "unknown instance",
            "stages:\n  a: { use: write-lines, foreach: { x: [2023-06, 2024-10] } }\n  c: { use: clean, foreach: { x: [1, 2] }, inputs: { documents: a-2023-60 } }",
            "r.yaml(3,65): stage 'c': input 'documents': no stage 'a-2023-60'. Did you mean 'a-2023-06'? Stages: a, a-2023-06, a-2024-10. Files are written file:PATTERN."
        },
        {
            "group that reads itself",
            "stages:\n  a: { use: clean, foreach: { x: [1, 2] }, inputs: { documents: a-1 } }",
            "r.yaml(2,65): stages read each other in a cycle: a-1 <- a-1. One of them must read something else."
        },
        {
            "name of a group",
            "stages:\n  A_b: { use: write-lines, foreach: { x: [1, 2] } }",
            "r.yaml(2,3): stage 'A_b': a stage's name is kebab-case: lower-case letters, digits and '-', a letter first."
        },
        {
            "plugin of a group",
            "stages:\n  a: { use: write-line, foreach: { x: [1, 2] } }",
            "r.yaml(2,13): stage 'a': no stage plugin 'write-line'. Did you mean 'write-lines'? Stage plugins: clean, compare, split, train, write-lines."
        },
    };

    /// <summary>Mistakes in an extended file, each with its exact message, which names that file.</summary>
    public static TheoryData<string, string, string> BrokenBase => new()
    {
        {
            "syntax",
            "stages:\n  a: { use: write-lines",
            "base/b.yaml(3,1): invalid YAML: While parsing a flow mapping, did not find expected ',' or '}'."
        },
        {
            "not a mapping",
            "[a]",
            "base/b.yaml(1,1): a recipe is a mapping with the keys name, extends, seed, vars, plugins, tracking, stages, profiles, sweep, secrets, not a list of 1."
        },
        {
            "unknown recipe key",
            "nmae: x",
            "base/b.yaml(1,1): no recipe key 'nmae'. Did you mean 'name'? Keys: name, extends, seed, vars, plugins, tracking, stages, profiles, sweep, secrets."
        },
        {
            "option",
            "stages:\n  a:\n    with: { cuont: 3 }",
            "base/b.yaml(3,13): stage 'a': no option 'cuont'. Did you mean 'count'? Options: count, text."
        },
        {
            "missing base of the base",
            "extends: ../nowhere.yaml",
            "base/b.yaml(1,10): the recipe 'nowhere.yaml' cannot be read: no such file, or no access."
        },
        {
            "circle",
            "extends: ../r.yaml",
            "base/b.yaml(1,10): recipes extend each other in a cycle: r.yaml -> base/b.yaml -> r.yaml."
        },
        {
            "unknown variable",
            "stages: { a: { with: { text: $(vars.x) } } }",
            "base/b.yaml(1,30): no variable 'x'. Variables: (none)."
        },
        {
            "input",
            "stages:\n  b: { use: clean, inputs: { documents: aa } }",
            "base/b.yaml(2,41): stage 'b': input 'documents': no stage 'aa'. Did you mean 'a'? Stages: a. Files are written file:PATTERN."
        },
        {
            "profile",
            "profiles:\n  smoke: { sede: 1 }",
            "base/b.yaml(2,12): profile 'smoke': no profile key 'sede'. Did you mean 'seed'? Keys: name, seed, vars, plugins, tracking, stages, sweep."
        },
        {
            "foreach",
            "stages:\n  a: { foreach: { x: [a, A] } }",
            "base/b.yaml(2,26): stage 'a': foreach 'x': 'a' and 'A' would each be stage 'a-a'. Name the values: x: { NAME: VALUE, ... }."
        },
    };

    /// <summary>Mistakes in a profile and in arguments, each with its exact message.</summary>
    public static TheoryData<string, string, string> BrokenArgument => new()
    {
        { "profile smoke", "", "r.yaml(5,42): stage 'a': option 'count' wants a whole number, 0 to 1000000, not 'few'." },
        { "profile deep", "", "r.yaml(6,71): stage 'c', filter 'language': no option 'min'. Options: keep, min_score." },
        { "profile each", "", "r.yaml(7,40): stage 'a': foreach 'x' has no value, so there would be no 'a' at all." },
        { "", "stages.a.with.count=few", "--set stages.a.with.count=few: stage 'a': option 'count' wants a whole number, 0 to 1000000, not 'few'." },
        { "", "stages.a.with={ text: [1] }", "--set stages.a.with={ text: [1] }: stage 'a': option 'text' wants text, not a list of 1." },
        { "", "stages.a.use=write-line", "--set stages.a.use=write-line: stage 'a': no stage plugin 'write-line'. Did you mean 'write-lines'? Stage plugins: clean, compare, split, train, write-lines." },
        { "", "stages.a.foreach.x=[]", "--set stages.a.foreach.x=[]: stage 'a': foreach 'x' has no value, so there would be no 'a' at all." },
        { "", "stages.a.foreach=3", "--set stages.a.foreach=3: stage 'a': 'foreach' wants a mapping of names to values, { NAME: [VALUE, ...] }, not '3'." },
        { "", "stages.a.with.text=$(each.x)", "--set stages.a.with.text=$(each.x): 'each.x' is only defined inside a stage with 'foreach', and not in the value of a variable." },
        { "", "stages.c.with.steps.0.use=languag", "--set stages.c.with.steps.0.use=languag: stage 'c': no filter 'languag'. Did you mean 'language'? Filters: language, nothing, word-count." },
        { "", "stages.c.with.steps.0.keep=[]", "--set stages.c.with.steps.0.keep=[]: stage 'c', filter 'language': option 'keep' wants a list (each text), at least 1 item, not an empty list." },
        { "", "stages.c.with.steps.1.keep=[en]", "--set stages.c.with.steps.1.keep=[en]: stage 'c', filter 'nothing': no option 'keep'. The filter 'nothing' has no options." },
        { "", "stages.c.with.steps.first.keep=[en]", "--set stages.c.with.steps.first.keep=[en]: 'stages.c.with.steps' is a list of 2: a setting names an item by its position from 0, not by 'first'." },
        { "", "stages.c.with.steps.0.kept.0=en", "--set stages.c.with.steps.0.kept.0=en: stage 'c', filter 'language': no option 'kept'. Did you mean 'keep'? Options: keep, min_score." },
        { "", "stages.c.inputs.documents=b", "--set stages.c.inputs.documents=b: stage 'c': input 'documents': no stage 'b'. Stages: a. Files are written file:PATTERN." },
        { "", "stages.a.expect.lines=many", "--set stages.a.expect.lines=many: stage 'a': metric 'lines' wants a condition: \"< 3.2\", \"<= 3.2\", \"> 0.5\", \">= 0.5\", \"== 1\" or \"0.5..0.9\", not 'many'." },
        { "", "tracking.url=x", "--set tracking.url=x: tracking: no option 'url'. Did you mean 'uri'? Options: tracker, uri, experiment, system_metrics_every." },
        { "", "stages.a-1.with.count=3", "--set stages.a-1.with.count=3: no stage 'a-1'. Did you mean 'a'? Stages: a, c." },
        { "profile smoke", "stages.a.with.text=$(vars.x)", "--set stages.a.with.text=$(vars.x): no variable 'x'. Variables: (none).\nr.yaml(5,42): stage 'a': option 'count' wants a whole number, 0 to 1000000, not 'few'." },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void ABrokenRecipeIsRefusedWithPlaceAndRemedy(string mistake, string recipe, string message) => _bench.Problems(recipe).ShouldBe(message, mistake);

    [Theory]
    [MemberData(nameof(BrokenBase))]
    public void AMistakeInAnExtendedFileIsPlacedThere(string mistake, string extended, string message) =>
        _bench.Write("base/b.yaml", extended).Problems("extends: base/b.yaml\nstages: { a: { use: write-lines } }").ShouldBe(message, mistake);

    [Theory]
    [MemberData(nameof(BrokenArgument))]
    public void AMistakeInAProfileOrAnArgumentIsPlacedThere(string profile, string set, string message) =>
        _bench.Problems("""
            stages:
              a: { use: write-lines }
              c: { use: clean, inputs: { documents: a }, with: { steps: [{ use: language, keep: [en] }, nothing] } }
            profiles:
              smoke: { stages: { a: { with: { count: few } } } }
              deep: { stages: { c: { with: { steps: [{ use: language, keep: [en], min: 1 }] } } } }
              each: { stages: { a: { foreach: { x: [] } } } }
            """, profile.Length == 0 ? null : profile["profile ".Length..], set.Length == 0 ? [] : [set]).ShouldBe(message);

    public void Dispose() => _bench.Dispose();

    private static string Train(string with) => $"stages:\n  t: {{ use: train, inputs: {{ documents: file:data/*, tokenizer: file:data/* }}, with: {with} }}";
}
