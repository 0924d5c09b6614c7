// Small comforts. Every page works without them.
import {focusOnErrors} from "./focus.js";
import {offerCopying} from "./copy.js";
import {submitOnChange} from "./filters.js";

focusOnErrors(document);
offerCopying(document);
submitOnChange(document);
